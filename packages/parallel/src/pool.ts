import { checkKeys, checkNumber } from '@flatmin/core';
import { copied, type Floats, layoutOf } from './layout.ts';
import { weightedMean, weightedMeanOf } from './mean.ts';
import { type Answered, Member } from './member.ts';
import { chosenMemory, type Memory } from './memory.ts';
import type { Task } from './protocol.ts';
import type { WorkerModule } from './thread.ts';

/** Options of {@link openPool}. */
export interface PoolOptions {
  /** The module that the workers run, which calls `serve` of `@flatmin/parallel/worker`. */
  readonly worker: WorkerModule;
  /** How many. */
  readonly workers: number;
  /** Given to every worker's `open`: what can be cloned to a worker. Default: nothing. */
  readonly data?: unknown;
  /** How long a worker may take for an evaluation, in milliseconds; `Infinity` for any time. Default 600,000. */
  readonly timeout?: number;
  /** How long a worker may take to open, in milliseconds; `Infinity` for any time. Default 120,000. */
  readonly openTimeout?: number;
  /**
   * How weights and gradients travel: in `shared` memory, or `transferred` to and fro, which is the same to the last bit.
   * Default `auto`: shared where this program may.
   */
  readonly memory?: 'auto' | Memory;
}

/** The names of all options. */
export const poolOptions: readonly string[] = ['worker', 'workers', 'data', 'timeout', 'openTimeout', 'memory'];

/** One worker's share of an evaluation. */
export interface Assignment extends Task {
  /** Which worker, from 0. */
  readonly worker: number;
}

/** What several workers' evaluations come to. All trees are fresh. */
export interface Gathered {
  /** The mean over all samples. */
  readonly loss: number;
  /** The mean over all samples. */
  readonly gradient: Floats;
  /** The mean over all samples. */
  readonly statistics: Floats;
  /** How many samples each worker's answer is about, in the order of the assignments. */
  readonly samples: readonly number[];
  /** One a sample, in the order of the assignments, where they were asked for. */
  readonly losses: readonly number[];
}

/** Workers with a replica of one model each. Made by {@link openPool}. */
export class Pool {
  /** The weights that worker 0 began with. */
  readonly weights: Floats;
  /** The statistics that worker 0 began with. */
  readonly statistics: Floats;
  /** How weights and gradients travel. */
  readonly memory: Memory;
  readonly #members: readonly Member[];
  // What each member was last asked: an answer lies in its memory until the mean is taken.
  readonly #busy: Promise<unknown>[];

  /**
   * Use {@link openPool}.
   *
   * @internal
   */
  constructor(members: readonly Member[], memory: Memory, weights: Floats, statistics: Floats) {
    this.#members = members;
    this.#busy = members.map(() => Promise.resolve());
    this.memory = memory;
    this.weights = weights;
    this.statistics = statistics;
  }

  /** How many workers there are. */
  get size(): number {
    return this.#members.length;
  }

  /**
   * Has some workers evaluate their parts at the same weights, and takes the mean by their samples. Evaluations that
   * share a worker follow one another; others run at the same time.
   *
   * @throws WorkerError when a worker ends, hangs or throws, after all others have come to rest
   */
  evaluate(weights: Floats, statistics: Floats, assignments: readonly Assignment[]): Promise<Gathered> {
    return this.#exclusively(assignments, async () => {
      const asked = assignments.map(({ worker, ...task }) =>
        this.#members[worker]!.evaluate([weights, statistics], task),
      );
      await Promise.allSettled(asked);
      return gathered(await Promise.all(asked));
    });
  }

  /** Ends all workers; what they were asked fails. */
  async dispose(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.end()));
  }

  #exclusively<R>(assignments: readonly Assignment[], f: () => Promise<R>): Promise<R> {
    const run = Promise.all(assignments.map(({ worker }) => this.#busy[worker])).then(f);
    const over = run.catch(() => {});
    for (const { worker } of assignments) this.#busy[worker] = over;
    return run;
  }
}

function gathered(answers: readonly Answered[]): Gathered {
  const samples = answers.map((answer) => answer.samples);
  return {
    loss: weightedMeanOf(
      answers.map(({ loss }) => loss),
      samples,
    ),
    gradient: weightedMean(
      answers.map(({ weights }) => weights),
      samples,
    ),
    statistics: weightedMean(
      answers.map(({ statistics }) => statistics),
      samples,
    ),
    samples,
    losses: answers.flatMap(({ losses = [] }) => losses),
  };
}

/**
 * Starts workers and waits until each has its replica.
 *
 * @throws RangeError for options that make no sense
 * @throws WorkerError when one cannot open; all are ended then
 * @example
 * ```ts
 * const pool = await openPool({ worker: new URL('./worker.js', import.meta.url), workers: 2 });
 * ```
 */
export async function openPool(options: PoolOptions): Promise<Pool> {
  checkKeys('parallel', options, poolOptions);
  const { worker: module, workers: count, data, timeout = 600_000, openTimeout = 120_000 } = options;
  checkNumber('parallel', 'workers', count, { min: 1, integer: true });
  for (const [name, ms] of Object.entries({ timeout, openTimeout })) {
    if (ms === Number.POSITIVE_INFINITY) continue;
    checkNumber('parallel', name, ms, { min: 1, max: 2 ** 31 - 1 }, ' or Infinity');
  }
  if (typeof module !== 'function' && typeof module !== 'string' && !(module instanceof URL)) {
    throw new RangeError(
      `parallel: worker is ${String(module)}; give the URL of the module that workers run, or a function that starts one.`,
    );
  }
  const memory = chosenMemory(options.memory);
  const members = Array.from(
    { length: count },
    (_, index) => new Member({ module, index, count, data, timeout, openTimeout, memory }),
  );
  try {
    const beginnings = await Promise.all(members.map((member) => member.opened()));
    const [{ weights, statistics }] = beginnings as [(typeof beginnings)[number]];
    const layout = layoutOf([weights, statistics]);
    for (const [index, member] of members.entries()) {
      const own = beginnings[index]!;
      member.keepTo(layout, [own.weights, own.statistics]);
    }
    return new Pool(members, memory, copied(weights), copied(statistics));
  } catch (error) {
    await Promise.allSettled(members.map((member) => member.end()));
    throw error;
  }
}
