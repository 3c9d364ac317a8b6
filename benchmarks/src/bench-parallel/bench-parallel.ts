import { median, min, quantile, sum } from 'd3-array';
import { noiseImages } from '../bench-step/noise-batch.ts';
import { LEARNING_RATE } from '../bench-step/step-optimizers.ts';
import { variantOf } from '../optimizers.ts';
import { openParallelStep } from '../parallel/open-parallel-step.ts';
import { loneProcesses } from './lone-processes.ts';

/** What is timed. */
export interface BenchParallelOptions {
  /** Names of networks. */
  readonly networks: readonly string[];
  /** Names of optimizers. */
  readonly optimizers: readonly string[];
  /** Images a worker and step. */
  readonly batches: readonly number[];
  readonly workers: number;
  readonly rounds: number;
  /** In each round. */
  readonly steps: number;
}

/** One network with one optimizer: the pool against as many processes that train alone. */
export interface ParallelRow {
  readonly network: string;
  /** Of each thread. */
  readonly engine: 'wasm';
  readonly optimizer: string;
  readonly workers: number;
  readonly batchPerWorker: number;
  readonly rounds: number;
  readonly stepsPerRound: number;
  /** Median milliseconds of a step of the pool, on the parts of all workers. */
  readonly poolMs: number;
  /** The same of a step of one process, on as many images as one worker has. */
  readonly processMs: number;
  /** Median over the rounds of (images a second in the pool) / (images a second in all processes together). */
  readonly ratio: number;
  /** Its quartiles. */
  readonly quartiles: readonly [number, number];
  /** The same of the fastest round of the pool and of each process: what is left where other work disturbs neither. */
  readonly ratioOfFastest: number;
  /**
   * The same of the processes themselves, if in each round all of them waited for the slowest, as the workers of a pool do for
   * one another: no pool is better than this but by luck.
   */
  readonly ratioOfWaiting: number;
  /** The part of the pool's time in which the main thread works, while the workers wait for new weights. */
  readonly mainThread: number;
}

/** Times both in turns, round by round: in each the pool takes its steps, then the processes take theirs all at once. */
export async function benchParallel(
  { networks, optimizers, batches, ...options }: BenchParallelOptions,
  told: (row: ParallelRow) => void = () => {},
): Promise<ParallelRow[]> {
  const rows: ParallelRow[] = [];
  for (const network of networks)
    for (const optimizer of optimizers)
      for (const batch of batches) {
        const row = await benchOne({ network, optimizer, batch, ...options });
        told(row);
        rows.push(row);
      }
  return rows;
}

type One = Pick<BenchParallelOptions, 'workers' | 'rounds' | 'steps'> &
  Record<'network' | 'optimizer', string> & { readonly batch: number };

async function benchOne({ network, optimizer, batch, workers, rounds, steps }: One): Promise<ParallelRow> {
  const samples = workers * batch;
  const settings = { rho: undefined, momentum: 0.9, trainImages: samples, batchSize: samples, epochsAsked: 1 };
  const variant = variantOf({ optimizer, ...settings });
  const pool = await openParallelStep({
    network,
    variant,
    images: noiseImages(samples),
    workers,
    learningRate: LEARNING_RATE,
  });
  const lone = await loneProcesses(workers, { network, optimizer, batch });
  const times = { pool: [] as number[], lone: [] as number[][], busy: 0 };
  try {
    // The first round is for compilers and caches to settle.
    for (let round = 0; round <= rounds; round++) {
      const [start, loop] = [performance.now(), performance.eventLoopUtilization()];
      for (let i = 0; i < steps; i++) await pool.step();
      const poolMs = (performance.now() - start) / steps;
      const { active } = performance.eventLoopUtilization(loop);
      const each = await lone.steps(steps);
      if (round === 0) continue;
      times.pool.push(poolMs);
      times.lone.push(each);
      times.busy += active;
    }
  } finally {
    lone.end();
    await pool.dispose();
  }
  const ratios = times.pool.map((poolMs, round) => throughputRatio(poolMs, times.lone[round]!));
  const fastest = Array.from({ length: workers }, (_, i) => min(times.lone, (each) => each[i])!);
  return {
    network,
    engine: 'wasm',
    optimizer,
    workers,
    batchPerWorker: batch,
    rounds,
    stepsPerRound: steps,
    poolMs: median(times.pool)!,
    processMs: median(times.lone.flat())!,
    ratio: median(ratios)!,
    quartiles: [quantile(ratios, 0.25)!, quantile(ratios, 0.75)!],
    ratioOfFastest: throughputRatio(min(times.pool)!, fastest),
    ratioOfWaiting: median(times.lone, (each) => throughputRatio(Math.max(...each), each))!,
    mainThread: times.busy / (steps * sum(times.pool)),
  };
}

/** A step of the pool does as many images as one of each process. */
function throughputRatio(poolMs: number, each: readonly number[]): number {
  return each.length / poolMs / sum(each, (ms) => 1 / ms);
}
