import { momentum, plain } from '@flatmin/core';
import { type DataParallel, type DataParallelOptions, dataParallel } from '../data-parallel.ts';

/** The workers of the regression. */
export const worker: URL = new URL('./regression-worker.ts', import.meta.url);

/** Two workers at the regression, unless asked for otherwise. */
export const opened = (options: Partial<DataParallelOptions> = {}): Promise<DataParallel> =>
  dataParallel({ worker, workers: 2, base: momentum({ learningRate: 0.05 }), variant: plain(), ...options });
