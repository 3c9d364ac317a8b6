import type { RunSettings } from '../settings.ts';

/** Runs that belong together, by name: a table of the project's evidence. */
export interface Plan {
  /** One line for the help. */
  readonly description: string;
  /** Where its results go, within the folder for all tables. */
  readonly folder: string;
  readonly settings: readonly RunSettings[];
}

/** Settings of a run on an engine that is chosen when a plan is carried out. */
export type PlannedRun = Omit<RunSettings, 'backend'>;

/**
 * A run of about `scale` of its steps: fewer epochs, and where it has one left fewer images too. The same at 1.
 *
 * @param scale above 0, at most 1
 */
export function scaled(run: RunSettings, scale: number): RunSettings {
  const epochs = scale * run.epochsAsked;
  const images = Math.round(Math.min(1, epochs) * run.trainImages);
  const trainImages = Math.min(run.trainImages, Math.max(images, run.batchSize));
  return { ...run, epochsAsked: Math.max(1, Math.round(epochs)), trainImages };
}
