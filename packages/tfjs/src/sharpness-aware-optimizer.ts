import {
  type AsyncHost,
  checkLearningRate,
  checkNeeds,
  type EvaluateRequest,
  type Proposal,
  recipeOf,
  Session,
  type Variant,
  variantOf,
  withDiagnostics,
} from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';
import { tensors } from './algebra.ts';
import { configOf, optimizerOf, read, written } from './config.ts';
import type { Tensors } from './held-weights.ts';
import { type Owner, optimizer } from './owner.ts';
import { addShift, discard, handOver, type Pending } from './pending.ts';
import type { Part } from './saved-state.ts';
import { namedState, renamed, sessionSnapshot } from './session-part.ts';
import { rateAt, type SharpnessAwareOptions, type Written } from './sharpness-aware-options.ts';
import { trainedVariables } from './trained-variables.ts';
import { watchLayersModels } from './training-model.ts';
import { VariableStep } from './variable-step.ts';
import { type Gradients, type LossAndGradients, WrappingOptimizer } from './wrapping-optimizer.ts';

/** A `tf.Optimizer` around another, with a variant of the SAM family between. Made by {@link sharpnessAware}. */
export class SharpnessAwareOptimizer extends WrappingOptimizer {
  /** The name under which TensorFlow.js knows the class. */
  static readonly className = 'SharpnessAware';
  readonly #session: Session<tf.Tensor>;
  readonly #owner: Owner;
  readonly #variant: Variant;
  readonly #options: SharpnessAwareOptions;
  #pending: Pending | undefined;
  #diagnostics: Tensors = {};

  /**
   * Use {@link sharpnessAware}.
   *
   * @internal
   */
  constructor(base: tf.Optimizer, variant: Variant, options: SharpnessAwareOptions = {}, owner: Owner = optimizer) {
    super(owner.name, base);
    if (typeof variant?.step !== 'function') {
      throw new TypeError(`${owner.name}: variant is ${String(variant)}; give a variant, such as sam({ rho: 0.05 }).`);
    }
    checkNeeds(variant, owner.offer);
    const { diagnostics = false, learningRate, ...sessionOptions } = options;
    if (learningRate !== undefined) checkLearningRate(owner.name, learningRate);
    this.#variant = variant;
    this.#options = options;
    this.#session = new Session(diagnostics ? withDiagnostics(variant) : variant, tensors, sessionOptions);
    this.#owner = owner;
    watchLayersModels();
  }

  /** The variant at work. */
  get variant(): Variant {
    return this.#variant;
  }

  /** Whether it computes what {@link SharpnessAwareOptimizer.readDiagnostics} reads. */
  get diagnoses(): boolean {
    return this.#options.diagnostics ?? false;
  }

  /** Steps done; not those that were skipped. */
  get steps(): number {
    return this.#session.step;
  }

  /** Steps skipped because something was not finite. */
  get skipped(): number {
    return this.#session.skipped;
  }

  /** Gradients computed in all, those of failed and skipped steps included. */
  override get gradientEvaluations(): number {
    return super.gradientEvaluations ?? this.#session.gradientEvaluations;
  }

  /**
   * The variant's step: evaluates `f` at the weights and wherever the variant asks, and returns the loss of the
   * first evaluation and the direction for the base optimizer in the gradients' place. The weights are back
   * where they were, exactly, whatever `f` throws; after a step that fails or is skipped, so are all variables.
   *
   * @param f returns the loss, a scalar
   * @param varList the variables to optimise, of which those that are not trainable or not float32 stay as they
   * are; default: all there are
   * @throws TypeError, Error for a list without a variable to optimise
   * @throws NonFiniteError when loss or gradient is not finite, unless such steps are skipped
   */
  override computeGradients(f: () => tf.Scalar, varList?: tf.Variable[]): LossAndGradients {
    const step = this.#begin(varList);
    try {
      const host = {
        evaluate: (request: EvaluateRequest<tf.Tensor>, first: boolean) => step.evaluate(f, request, first),
      };
      return this.#propose(step, this.#session.run(step.weights, this.learningRate, host));
    } catch (error) {
      step.undo();
      throw error;
    } finally {
      step.release();
    }
  }

  /**
   * A whole step with a host that may take its time.
   *
   * @internal
   */
  async minimizeAsync(
    hostOf: (step: VariableStep) => AsyncHost<tf.Tensor>,
    varList?: tf.Variable[],
  ): Promise<{ readonly loss: number; readonly skipped: string | undefined }> {
    const step = this.#begin(varList);
    try {
      const proposal = await this.#session.runAsync(step.weights, this.learningRate, hostOf(step));
      const { value, grads } = this.#propose(step, proposal);
      try {
        this.applyGradients(grads);
        return { loss: (await value.data())[0]!, skipped: proposal.skipped };
      } finally {
        tf.dispose([value, grads]);
      }
    } catch (error) {
      step.undo();
      throw error;
    } finally {
      step.release();
    }
  }

  /**
   * Has the base optimizer apply gradients (in the middle of a step: the variant's direction, perhaps clipped by
   * the caller), adds the variant's shift, and counts the step.
   */
  override applyGradients(gradients: Gradients): void {
    const step = this.#pending;
    // A step without a direction leaves the base at rest: Adam would count even an update of nothing.
    if (step === undefined || step.proposal.direction !== undefined) this.applyToBase(this.ordered(gradients));
    this.incrementIterations();
    if (step === undefined) return;
    this.#pending = undefined;
    addShift(step);
    this.#keepDiagnostics(step.proposal.diagnostics);
    step.proposal.commit((name) => step.connected.has(name));
  }

  /**
   * What the last step saw: `loss`, `perturbedLoss`, `gradientNorm`, `epsilonNorm`, `cosine`. Empty before the
   * first step and without the option `diagnostics`.
   */
  async readDiagnostics(): Promise<Record<string, number>> {
    const read = async ([name, scalar]: [string, tf.Tensor]) => [name, (await scalar.data())[0]!] as const;
    return Object.fromEntries(await Promise.all(Object.entries(this.#diagnostics).map(read)));
  }

  /**
   * Base, variant and options as plain data.
   *
   * @throws RangeError for an option that cannot be written down, such as a function as schedule
   */
  override getConfig(): tf.serialization.ConfigDict {
    const options = { ...this.#options, seed: this.#session.seed };
    return written(this.owner, { base: configOf(this.base), variant: recipeOf(this.#variant), options });
  }

  /** The optimizer that {@link SharpnessAwareOptimizer.getConfig} tells; its variant must be known to `useVariants`. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    type: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const { base, variant, options } = read('sharpnessAware', config) as unknown as Written;
    return new type(optimizerOf(base), variantOf(variant), options);
  }

  /** Frees the variant's state and the base's variables. */
  override dispose(): void {
    this.#discard();
    this.#session.dispose();
    this.#keepDiagnostics({});
    super.dispose();
  }

  protected override part(): Part {
    const { state, tensors } = super.part();
    const { variant, seed, step, skipped } = this.#session;
    return {
      state: { ...state, variant: { name: variant.name, seed, step, skipped } },
      tensors: { ...tensors, ...namedState(this.#session) },
    };
  }

  protected override checkPart(part: Part): void {
    super.checkPart(part);
    this.#discard();
    this.#session.check(sessionSnapshot(part));
  }

  protected override takePart(part: Part): void {
    super.takePart(part);
    this.#session.restore(sessionSnapshot(part));
  }

  protected override rename(names: ReadonlyMap<string, string>): void {
    super.rename(names);
    const part = this.part();
    this.#session.restore(sessionSnapshot({ ...part, tensors: renamed(part.tensors, names) }));
  }

  #begin(varList?: tf.Variable[]): VariableStep {
    this.#discard();
    const variables = trainedVariables(this.#owner.name, this.#owner.list, varList);
    this.settle(() => variables);
    const rate = rateAt(this.owner, this.#options, this.steps);
    if (rate !== undefined) this.learningRate = rate;
    return new VariableStep(this.base, variables, () => this.#othersThan(variables));
  }

  #propose(step: VariableStep, proposal: Proposal<tf.Tensor>): LossAndGradients {
    if (proposal.skipped !== undefined) step.undo();
    this.#pending = { proposal, connected: step.connected };
    return handOver(this.#pending);
  }

  // The base's accumulators are no concern of a loss closure.
  #othersThan(weights: readonly tf.Variable[]): tf.Variable[] {
    const trained = new Set(weights);
    const registered = Object.values(tf.engine().registeredVariables);
    return registered.filter((variable) => !trained.has(variable) && !this.isSlot(variable.name));
  }

  // A step that was computed and never applied.
  #discard(): void {
    if (this.#pending !== undefined) discard(this.#pending);
    this.#pending = undefined;
  }

  #keepDiagnostics(diagnostics: Tensors): void {
    tf.dispose(this.#diagnostics);
    this.#diagnostics = diagnostics;
  }
}
