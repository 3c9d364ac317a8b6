import type { RunSettings } from '../settings.ts';

/** Runs that belong together, by name: a table of the project's evidence. */
export interface Plan {
  /** One line for the help. */
  readonly description: string;
  /** Where its results go, within the folder for all tables. */
  readonly folder: string;
  readonly settings: readonly RunSettings[];
  /** Epochs that runs have, or have several times, on purpose. Default: of each its own. */
  readonly unit?: number;
}

/** How much of a plan, and on which engine where not on its own. */
export interface PlanOptions {
  /** Of the steps: above 0, at most 1. */
  readonly scale: number;
  readonly backend?: string | undefined;
}

/** The runs of a plan at a scale, on an engine. */
export function planned({ settings, unit }: Plan, { scale, backend }: PlanOptions): RunSettings[] {
  return settings.map((run) => scaled(backend === undefined ? run : { ...run, backend }, scale, unit));
}

/**
 * A run of about `scale` of its steps: fewer epochs, and where it has one left fewer images too. The same at 1.
 *
 * @param scale above 0, at most 1
 * @param unit the epochs that are scaled: a run of twice as many stays one of twice as many
 */
export function scaled(run: RunSettings, scale: number, unit: number = run.epochsAsked): RunSettings {
  const epochs = scale * unit;
  const images = Math.round(Math.min(1, epochs) * run.trainImages);
  const trainImages = Math.min(run.trainImages, Math.max(images, run.batchSize));
  return { ...run, epochsAsked: Math.round((run.epochsAsked / unit) * Math.max(1, Math.round(epochs))), trainImages };
}
