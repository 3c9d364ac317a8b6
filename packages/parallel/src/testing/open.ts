import { Worker } from 'node:worker_threads';
import { momentum, plain } from '@flatmin/core';
import { type DataParallel, type DataParallelOptions, dataParallel } from '../data-parallel.ts';

/** Starts a worker on the source, as the tests run on it. */
export const onSource = (file: string) => (): Worker =>
  new Worker(new URL(file, import.meta.url), { execArgv: [...process.execArgv, '--conditions=@flatmin/source'] });

/** The workers of the regression. */
export const worker: URL = new URL('./regression-worker.ts', import.meta.url);

/** Two workers at the regression, unless asked for otherwise. */
export const opened = (options: Partial<DataParallelOptions> = {}): Promise<DataParallel> =>
  dataParallel({
    worker: onSource('./regression-worker.ts'),
    workers: 2,
    base: momentum({ learningRate: 0.05 }),
    variant: plain(),
    ...options,
  });
