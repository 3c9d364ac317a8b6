import type { RunSummary } from './results.ts';

/** Steps in one pass over the images; the last may have a smaller batch. */
export function stepsPerEpoch({ trainImages, batchSize }: Pick<RunSummary, 'trainImages' | 'batchSize'>): number {
  return Math.ceil(trainImages / batchSize);
}

/** Steps in the whole run. */
export function stepsOf(run: Pick<RunSummary, 'trainImages' | 'batchSize' | 'epochsAsked'>): number {
  return run.epochsAsked * stepsPerEpoch(run);
}
