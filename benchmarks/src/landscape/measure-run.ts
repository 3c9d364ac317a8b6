import { isDeepStrictEqual } from 'node:util';
import { useBackend } from '../backends.ts';
import { first } from '../data/images.ts';
import type { Selection } from '../data/select.ts';
import { models } from '../models/model.ts';
import { loadWeights } from '../models/saved-weights.ts';
import type { RunSettings } from '../settings.ts';
import type { FinishedRun } from './finished-run.ts';
import { type MeasureName, type MeasureOptions, measures } from './measures.ts';
import { type Given, type LandscapeResults, measuredBefore, type RunMeasures, type Taken } from './results.ts';
import { landscapeOf } from './run-landscape.ts';

/** What measuring needs besides the run. */
export interface MeasureContext {
  /** The images of a run; asked for only where something is left to measure. */
  readonly imagesOf: (settings: RunSettings) => Promise<Selection>;
  /** The measures to take. */
  readonly names: readonly MeasureName[];
  readonly options: MeasureOptions;
  /** Measures that were taken before. */
  readonly before: LandscapeResults;
  /** Hears of each measure before it is taken. */
  readonly begins: (name: MeasureName) => void;
  /** Hears of all of the run's measures so far, and is waited for. */
  readonly reached: (measures: RunMeasures) => Promise<void>;
  /** Stops the measure in progress, whose reason is thrown. */
  readonly signal: AbortSignal;
}

/** Takes the measures of a run that were not taken before, on the first images that it was trained on. */
export async function measureRun(
  { settings, summary: run, weights }: FinishedRun,
  context: MeasureContext,
): Promise<RunMeasures> {
  const { imagesOf, names, before, begins, reached, signal } = context;
  // A run of fewer images is measured on all of its own.
  const options = { ...context.options, images: Math.min(context.options.images, run.trainImages) };
  // Measures that are not asked for now stay.
  let result: RunMeasures = { run, measured: measuredBefore(before, run) };
  const add = (name: MeasureName, taken: Taken<unknown>): void => {
    result = { run, measured: { ...result.measured, [name]: taken } };
  };
  const left = names.filter((name) => !isDeepStrictEqual(result.measured[name]?.given, given(name, options)));
  if (left.length === 0) return result;

  await useBackend(settings.backend);
  const { train } = await imagesOf(settings);
  const model = models.get(settings.model)!.build({ ...train.of, seed: settings.seed });
  loadWeights(model, weights);
  const landscape = landscapeOf(model, first(options.images, train), signal);
  try {
    for (const name of left) {
      begins(name);
      add(name, { given: given(name, options), value: await measures[name].take(landscape, options) });
      await reached(result);
    }
    return result;
  } finally {
    landscape.dispose();
    model.dispose();
  }
}

/** All that a measure depends on: of the options some, and what is the measure's own. */
function given(name: MeasureName, options: MeasureOptions): Given {
  const { depends, settings } = measures[name];
  return { ...Object.fromEntries(depends.map((option) => [option, options[option]])), ...settings };
}
