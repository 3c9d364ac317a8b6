import {
  type BaseOptimizer,
  checkKeys,
  float32,
  type Optimizer,
  type OptimizerState,
  type SharpnessAwareOptions,
  sharded,
  sharpnessAware,
  type Variant,
} from '@flatmin/core';
import { scramble } from '@flatmin/tree';
import { BatchStep } from './batch-step.ts';
import { copied, type Floats, layoutOf } from './layout.ts';
import { openPool, type Pool, type PoolOptions, poolOptions } from './pool.ts';

/** Options of {@link dataParallel}. */
export interface DataParallelOptions extends PoolOptions, Omit<SharpnessAwareOptions, 'offers'> {
  /** Takes the variant's direction to new weights: one of `@flatmin/core`. */
  readonly base: BaseOptimizer;
  /** A member of the SAM family, such as `sam({ rho: 0.05 })`. */
  readonly variant: Variant;
  /**
   * The perturbation: of the gradient `averaged` over the whole batch, as in one process; or of each worker's own, `local`,
   * which is m-sharpness with a part a worker, as in google-research/sam. Default `averaged`.
   */
  readonly ascent?: 'averaged' | 'local';
}

/** What a step tells. */
export interface ParallelStepReport {
  /** Of the batch, at the weights before the step. */
  readonly loss: number;
  /** In the batch. */
  readonly samples: number;
  /** What the variant reports, by name; see `withDiagnostics` of core. */
  readonly diagnostics: Readonly<Record<string, number>>;
  /** Why the step was skipped, if it was. */
  readonly skipped?: string;
}

/** Where training stands between two steps, as plain data. */
export interface ParallelState {
  /** The optimizer's and the variant's. */
  readonly optimizer: OptimizerState<Float32Array>;
  /** w */
  readonly weights: Floats;
  /** What the model keeps beside: BatchNorm's moving means and variances. */
  readonly statistics: Floats;
  /** The batch before, where the variant asks for it. */
  readonly previous?: readonly unknown[];
}

/** Training whose gradients are computed in workers. Made by {@link dataParallel}. */
export class DataParallel {
  /** The workers. */
  readonly pool: Pool;
  readonly #optimizer: Optimizer<Float32Array>;
  readonly #variant: Variant;
  readonly #seed: number;
  #weights: Floats;
  #statistics: Floats;
  #previous: readonly unknown[] | undefined;

  /** Use {@link dataParallel}. */
  constructor(pool: Pool, optimizer: Optimizer<Float32Array>, variant: Variant, seed: number) {
    this.pool = pool;
    this.#optimizer = optimizer;
    this.#variant = variant;
    this.#seed = seed;
    this.#weights = pool.weights;
    this.#statistics = pool.statistics;
  }

  /** w. A step makes new ones, and leaves those given out before as they were. */
  get weights(): Floats {
    return this.#weights;
  }

  /** What the model keeps beside the weights, the mean over the workers: BatchNorm's moving means and variances. */
  get statistics(): Floats {
    return this.#statistics;
  }

  /** Steps done; not those that were skipped. */
  get steps(): number {
    return this.#optimizer.steps;
  }

  /** Steps skipped because something was not finite. */
  get skipped(): number {
    return this.#optimizer.skipped;
  }

  /** Gradients computed in all; with a local ascent each worker's counts. */
  get gradientEvaluations(): number {
    return this.#optimizer.gradientEvaluations;
  }

  /** The base optimizer's learning rate at the next step. */
  get learningRate(): number {
    return this.#optimizer.learningRate;
  }

  /**
   * One step on one batch. A step that fails leaves weights, statistics and state as they were, and can be done again.
   *
   * @param parts the batch, one part a worker: what each worker's replica is given, to be cloned; see {@link split}
   * @throws RangeError for another number of parts
   * @throws WorkerError when a worker ends, hangs or throws
   * @throws NonFiniteError when loss or gradient is not finite, unless such steps are skipped
   * @throws Error while another step runs
   */
  async step(parts: readonly unknown[]): Promise<ParallelStepReport> {
    const { size } = this.pool;
    if (!Array.isArray(parts) || parts.length !== size) {
      const given = Array.isArray(parts) ? `${parts.length} parts` : String(parts);
      throw new RangeError(
        `parallel: a step was given ${given} for ${size} workers; give an array of one part for each, as split makes it.`,
      );
    }
    const step = new BatchStep(this.pool, {
      parts,
      previous: this.#previous ?? parts,
      statistics: this.#statistics,
      // A step that is done again draws the same.
      seed: scramble(scramble(this.#seed) + this.steps + this.skipped),
    });
    const result = await this.#optimizer.stepAsync(this.#weights, (weights, asked) => step.evaluate(weights, asked));
    this.#weights = result.weights;
    if (result.skipped === undefined) {
      this.#statistics = step.statistics;
      if (this.#variant.needs.includes('previousBatch')) this.#previous = parts;
    }
    return {
      loss: result.loss[0]!,
      samples: step.samples,
      diagnostics: Object.fromEntries(Object.entries(result.diagnostics).map(([name, value]) => [name, value[0]!])),
      ...(result.skipped !== undefined && { skipped: result.skipped }),
    };
  }

  /** Where training stands, to be restored here or in another pool. */
  state(): ParallelState {
    return {
      optimizer: this.#optimizer.state(),
      weights: this.#weights,
      statistics: this.#statistics,
      ...(this.#previous && { previous: this.#previous }),
    };
  }

  /**
   * Goes on from where a state was taken: the same steps follow, bit for bit, with as many workers.
   *
   * @throws RangeError for the state of another model, variant or base optimizer; nothing is changed then
   */
  restore({ optimizer, weights, statistics, previous }: ParallelState): void {
    if (!layoutOf([this.pool.weights, this.pool.statistics]).fits([weights, statistics])) {
      throw new RangeError(
        "parallel: the state is of a model with other weights or statistics than the workers'; restore one of the same model.",
      );
    }
    this.#optimizer.restore(optimizer);
    this.#weights = copied(weights);
    this.#statistics = copied(statistics);
    this.#previous = previous;
  }

  /** Ends the workers; a step that runs fails. Weights and state stay to be had. */
  dispose(): Promise<void> {
    return this.pool.dispose();
  }
}

/**
 * Data-parallel training: each worker evaluates loss and gradient on its part of every batch, and the means over all samples
 * are what `sharpnessAware` of core goes by. It starts from the weights of worker 0, and all workers use them.
 *
 * For a model that treats each sample alone this is the step on the whole batch, up to rounding. BatchNorm normalises each
 * part by its own mean and variance, and the moving ones are averaged by the samples of the parts.
 *
 * @throws RangeError for options that make no sense
 * @throws Error for a variant that needs what is not offered
 * @throws WorkerError when a worker cannot open; all are ended then
 * @example
 * ```ts
 * const training = await dataParallel({
 *   worker: new URL('./worker.js', import.meta.url),
 *   workers: 2,
 *   base: momentum({ learningRate: 0.1 }),
 *   variant: sam({ rho: 0.05 }),
 * });
 * const { loss } = await training.step(split({ xs, labels }, 64, 2));
 * await training.dispose();
 * ```
 */
export async function dataParallel(options: DataParallelOptions): Promise<DataParallel> {
  checkKeys('dataParallel', options, [...poolOptions, ...ownOptions]);
  const { base, variant, ascent = 'averaged', seed, perturb, roles, nonFinite, ...pool } = options;
  if (ascent !== 'averaged' && ascent !== 'local') {
    throw new RangeError(`dataParallel: ascent is ${JSON.stringify(ascent)}; give 'averaged' or 'local'.`);
  }
  const asked = ascent === 'local' ? sharded(variant, options.workers) : variant;
  const optimizer = sharpnessAware(base, asked, float32, {
    ...(seed !== undefined && { seed }),
    ...(perturb !== undefined && { perturb }),
    ...(roles !== undefined && { roles }),
    ...(nonFinite !== undefined && { nonFinite }),
    offers: ['shards', 'perSample', 'previousBatch'],
  });
  return new DataParallel(await openPool(pool), optimizer, asked, seed ?? 0);
}

const ownOptions = ['base', 'variant', 'ascent', 'seed', 'perturb', 'roles', 'nonFinite'];
