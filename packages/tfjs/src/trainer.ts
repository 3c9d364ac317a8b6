import { checkKeys, checkNumber, type Variant } from '@flatmin/core';
import type * as tf from '@tensorflow/tfjs-core';
import { type Batch, deviceBatch, free, hostBatch, type InputsAndTargets, sampleCount, shared } from './batch.ts';
import { batchHost } from './batch-host.ts';
import type { TrainingData } from './epoch-data.ts';
import { type FitOptions, fit, type History, type StepReport } from './fit.ts';
import { loop } from './owner.ts';
import { SharpnessAwareOptimizer } from './sharpness-aware-optimizer.ts';
import { type TrainerOptions, type TrainerState, trainerOptions } from './trainer-options.ts';

/** A training loop for every variant, those that ask for more than one loss of one batch too. Made by {@link trainer}. */
export class Trainer<B extends Batch> {
  readonly #optimizer: SharpnessAwareOptimizer;
  readonly #losses: (batch: B) => tf.Tensor;
  readonly #variables: tf.Variable[] | undefined;
  readonly #microBatchSize: number;
  readonly #diagnoses: boolean;
  #previous: B | undefined;
  #running = false;

  /** Use {@link trainer}. */
  constructor(options: TrainerOptions<B>) {
    checkKeys('trainer', options, trainerOptions);
    const { base, variant, losses, variables, microBatchSize, ...others } = options;
    if (typeof losses !== 'function') {
      throw new TypeError(
        `trainer: losses is ${String(losses)}; give a function from a batch to the loss of each sample.`,
      );
    }
    if (microBatchSize !== undefined)
      checkNumber('trainer', 'microBatchSize', microBatchSize, { min: 1, integer: true });
    this.#optimizer = new SharpnessAwareOptimizer(base, variant, others, loop);
    this.#losses = losses;
    this.#variables = variables;
    this.#diagnoses = options.diagnostics ?? false;
    this.#microBatchSize = microBatchSize ?? Number.POSITIVE_INFINITY;
  }

  /** The variant at work. */
  get variant(): Variant {
    return this.#optimizer.variant;
  }

  /** The base's learning rate; setting it sets the base's, for every `tf.train` optimizer. */
  get learningRate(): number {
    return this.#optimizer.learningRate;
  }

  /** Sets the base's. */
  set learningRate(value: number) {
    this.#optimizer.learningRate = value;
  }

  /** Steps done; not those that were skipped. */
  get steps(): number {
    return this.#optimizer.steps;
  }

  /** Steps skipped because something was not finite. */
  get skipped(): number {
    return this.#optimizer.skipped;
  }

  /** Gradients computed in all, those of failed and skipped steps included. */
  get gradientEvaluations(): number {
    return this.#optimizer.gradientEvaluations;
  }

  /**
   * One step on one batch. The batch stays the caller's, and must live until the step is over. Between the step's
   * evaluations the model holds its own weights; they are not to be changed by others meanwhile. A step that fails
   * leaves weights, statistics and the variant's state as they were.
   *
   * @throws TypeError, RangeError for a batch or losses that make no sense
   * @throws Error while another step runs
   * @throws NonFiniteError when loss or gradient is not finite, unless such steps are skipped
   */
  async step(batch: B): Promise<StepReport> {
    this.#refuseWhileRunning('the next step');
    const samples = sampleCount('trainer', batch);
    const batches = { now: batch, previous: this.#previous ?? batch };
    this.#running = true;
    try {
      const { loss, skipped } = await this.#optimizer.minimizeAsync(
        (step) => batchHost(step, this.#losses, batches, this.#microBatchSize),
        this.#variables,
      );
      const diagnostics = this.#diagnoses ? { diagnostics: await this.#optimizer.readDiagnostics() } : {};
      if (skipped !== undefined) return { loss, samples, ...diagnostics, skipped };
      this.#remember(batch);
      return { loss, samples, ...diagnostics };
    } finally {
      this.#running = false;
    }
  }

  /**
   * Trains epoch by epoch. Tensors of samples are cut into batches, which are freed after their step, as are those
   * of a `tf.data.Dataset`; the batches of an iterable stay the caller's, so that a generator frees its own when
   * the next is asked for.
   *
   * @param data see {@link TrainingData}
   * @returns the mean loss of each epoch
   * @throws TypeError, RangeError for data or options that make no sense
   * @throws whatever a step or a callback throws
   * @example
   * ```ts
   * const { loss } = await loop.fit(
   *   { xs, ys },
   *   { epochs: 10, batchSize: 64, onStep: ({ step, stepsPerEpoch, loss }) => bar.update(step / stepsPerEpoch, loss) },
   * );
   * ```
   */
  fit(data: TrainingData<B>, options: FitOptions = {}): Promise<History> {
    return fit((batch) => this.step(batch), data, options);
  }

  /**
   * What the last step saw: `loss`, `perturbedLoss`, `gradientNorm`, `epsilonNorm`, `cosine`. Empty before the
   * first step and without the option `diagnostics`.
   */
  readDiagnostics(): Promise<Record<string, number>> {
    return this.#optimizer.readDiagnostics();
  }

  /**
   * Where training stands between two steps, as plain data: the optimizer's state, and the batch before where the
   * variant asks for it. Of `fit`, see {@link FitOptions.from}.
   *
   * @throws Error while a step runs
   */
  async state(): Promise<TrainerState> {
    this.#refuseWhileRunning('taking its state');
    const optimizer = await this.#optimizer.state();
    return this.#previous === undefined ? { optimizer } : { optimizer, previous: await hostBatch(this.#previous) };
  }

  /**
   * Goes on from where a state was taken: with the weights of then the same steps follow, bit for bit.
   *
   * @throws RangeError for what is no state, or that of another optimizer or variant; nothing is changed then
   * @throws Error while a step runs
   */
  async restore({ optimizer, previous }: TrainerState): Promise<void> {
    this.#refuseWhileRunning('restoring');
    await this.#optimizer.restore(optimizer);
    this.#forget();
    if (previous !== undefined) this.#previous = deviceBatch(previous) as B;
  }

  /** Frees the variant's state, the base's variables and the batch before. Refused while a step runs. */
  dispose(): void {
    this.#refuseWhileRunning('disposing');
    this.#optimizer.dispose();
    this.#forget();
  }

  #remember(batch: B): void {
    if (!this.variant.needs.includes('previousBatch')) return;
    this.#forget();
    this.#previous = shared(batch);
  }

  #forget(): void {
    if (this.#previous !== undefined) free(this.#previous);
    this.#previous = undefined;
  }

  #refuseWhileRunning(what: string): void {
    if (this.#running) throw new Error(`trainer: a step is still running; await it before ${what}.`);
  }
}

/**
 * A training loop for every variant of the SAM family, those too that need the loss of each sample (ESAM), parts of
 * a batch (m-SAM) or the batch before (SAMPa), which `model.fit` and `minimize` cannot give.
 *
 * The loss of a batch is the mean of `losses`: L(w) = 1/n Σᵢ ℓᵢ(w). All else is as with {@link sharpnessAware}: the
 * weights are put back exactly, BatchNorm's statistics move once a step (once for each part, if the variant takes
 * the batch in parts), the passes of a step over the same part share their dropout masks. Numbers that a variant
 * asks for on the host are awaited, not blocked on.
 *
 * For a layers model, `losses` applies it in training mode. Its regularizers are no part of `apply`; they are added
 * to the loss of each sample: `model.calculateLosses().reduce((sum, penalty) => tf.add(sum, penalty), losses)`.
 *
 * @throws TypeError, RangeError for options that make no sense
 * @example
 * ```ts
 * const loop = trainer({
 *   base: tf.train.momentum(0.1, 0.9),
 *   variant: esam({ rho: 0.05 }),
 *   losses: ({ xs, ys }) => {
 *     const logits = model.apply(xs, { training: true });
 *     return tf.losses.softmaxCrossEntropy(ys, logits, undefined, undefined, tf.Reduction.NONE);
 *   },
 * });
 * const { loss } = await loop.step({ xs, ys });
 * await loop.fit({ xs, ys }, { epochs: 10, batchSize: 64 });
 * ```
 */
export function trainer<B extends Batch = InputsAndTargets>(options: TrainerOptions<B>): Trainer<B> {
  return new Trainer(options);
}
