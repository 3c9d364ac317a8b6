import {
  checkNeeds,
  type Evaluation,
  type Proposal,
  Session,
  type SessionOptions,
  type Variant,
  withDiagnostics,
} from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';
import { tensors } from './algebra.ts';
import { HeldWeights } from './held-weights.ts';
import { SharedRandomness } from './shared-randomness.ts';
import { SideEffects } from './side-effects.ts';
import { trainedVariables } from './trained-variables.ts';
import { watchLayersModels } from './training-model.ts';
import { type Gradients, type LossAndGradients, WrappingOptimizer } from './wrapping-optimizer.ts';

/** Options of {@link sharpnessAware}. */
export interface SharpnessAwareOptions extends SessionOptions {
  /** Compute what {@link SharpnessAwareOptimizer.readDiagnostics} reads. Default false. */
  readonly diagnostics?: boolean;
}

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A step between `computeGradients` and `applyGradients`. */
interface Pending {
  readonly proposal: Proposal<tf.Tensor>;
  /** The variables on which the loss depends: the others take no part in the step. */
  readonly connected: ReadonlySet<string>;
}

const noMore = {
  offers: [],
  remedy:
    'TensorFlow.js gives an optimizer one loss of one batch; run the variant in a loop over a Session of @flatmin/core',
} as const;

/** A `tf.Optimizer` around another, with a variant of the SAM family between. Made by {@link sharpnessAware}. */
export class SharpnessAwareOptimizer extends WrappingOptimizer {
  /** The name under which TensorFlow.js knows the class. */
  static readonly className = 'SharpnessAware';
  readonly #session: Session<tf.Tensor>;
  #pending: Pending | undefined;
  #diagnostics: Tensors = {};

  /** Use {@link sharpnessAware}. */
  constructor(base: tf.Optimizer, variant: Variant, options: SharpnessAwareOptions = {}) {
    super('sharpnessAware', base);
    if (typeof variant?.step !== 'function') {
      throw new TypeError(`sharpnessAware: variant is ${String(variant)}; give a variant, such as sam({ rho: 0.05 }).`);
    }
    checkNeeds(variant, noMore);
    const { diagnostics = false, ...sessionOptions } = options;
    this.#session = new Session(diagnostics ? withDiagnostics(variant) : variant, tensors, sessionOptions);
    watchLayersModels();
  }

  /** The variant at work. */
  get variant(): Variant {
    return this.#session.variant;
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
    this.#discard();
    const weights = trainedVariables(varList);
    const held = new HeldWeights(weights);
    const effects = new SideEffects(() => this.#othersThan(weights));
    const connected = new Set<string>();
    const randomness = new SharedRandomness();
    try {
      const proposal = this.#session.run(held.tree, this.learningRate, {
        evaluate: (request, first) => {
          const evaluate = () => held.at(request.weights as Tensors, () => this.#evaluate(f, weights, connected));
          return randomness.run(first ? evaluate : () => effects.without(evaluate));
        },
      });
      if (proposal.skipped !== undefined) effects.undo();
      this.#pending = { proposal, connected };
      return handOver(this.#pending);
    } catch (error) {
      effects.undo();
      throw error;
    } finally {
      held.release();
      effects.release();
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
    step.proposal.commit();
  }

  /**
   * What the last step saw: `loss`, `perturbedLoss`, `gradientNorm`, `epsilonNorm`, `cosine`. Empty before the
   * first step and without the option `diagnostics`.
   */
  async readDiagnostics(): Promise<Record<string, number>> {
    const read = async ([name, scalar]: [string, tf.Tensor]) => [name, (await scalar.data())[0]!] as const;
    return Object.fromEntries(await Promise.all(Object.entries(this.#diagnostics).map(read)));
  }

  /** Base, variant and options as plain data. */
  override getConfig(): tf.serialization.ConfigDict {
    const { name, options } = this.variant;
    return {
      base: { className: this.base.getClassName(), config: this.base.getConfig() },
      variant: { name, options: options as tf.serialization.ConfigDict },
    };
  }

  /** Frees the variant's state and the base's variables. */
  override dispose(): void {
    this.#discard();
    this.#keepDiagnostics({});
    this.#session.dispose();
    super.dispose();
  }

  #evaluate(f: () => tf.Scalar, weights: tf.Variable[], connected: Set<string>): Evaluation<tf.Tensor> {
    const { value, grads } = this.base.computeGradients(f, weights);
    const leaf = (variable: tf.Variable): tf.Tensor => {
      const gradient = grads[variable.name];
      if (gradient == null) return tensors.full(variable, 0);
      connected.add(variable.name);
      return tf.keep(gradient);
    };
    return { loss: tf.keep(value), gradient: Object.fromEntries(weights.map((v) => [v.name, leaf(v)])) };
  }

  // The base's accumulators are no concern of a loss closure.
  #othersThan(weights: readonly tf.Variable[]): tf.Variable[] {
    const trained = new Set(weights);
    const registered = Object.values(tf.engine().registeredVariables);
    return registered.filter((variable) => !trained.has(variable) && !this.isSlot(variable.name));
  }

  // A step that was computed and never applied.
  #discard(): void {
    const proposal = this.#pending?.proposal;
    this.#pending = undefined;
    if (proposal?.shift !== undefined) tf.dispose(proposal.shift as Tensors);
    if (proposal !== undefined) tf.dispose(proposal.diagnostics);
    proposal?.discard();
  }

  #keepDiagnostics(diagnostics: Tensors): void {
    tf.dispose(this.#diagnostics);
    this.#diagnostics = diagnostics;
  }
}

// From here on the caller's tidy, if there is one, may free what it did not return.
function release<T extends tf.Tensor>(tensor: T): T {
  tensor.kept = false;
  return tensor;
}

function handOver({ proposal, connected }: Pending): LossAndGradients {
  const grads: tf.NamedTensorMap = {};
  for (const [name, tensor] of Object.entries((proposal.direction ?? {}) as Tensors)) {
    if (connected.has(name)) grads[name] = release(tensor);
    else tensor.dispose();
  }
  return { value: release(proposal.loss) as tf.Scalar, grads };
}

function addShift({ proposal, connected }: Pending): void {
  for (const [name, shift] of Object.entries((proposal.shift ?? {}) as Tensors)) {
    const variable = tf.engine().registeredVariables[name];
    if (connected.has(name) && variable !== undefined) tf.tidy(() => variable.assign(tf.add(variable, shift)));
    shift.dispose();
  }
}

/**
 * Makes any `tf.train` optimizer sharpness-aware: works in `model.compile` and `fit`, `fitDataset`,
 * `trainOnBatch`, `minimize`, and a loop of `computeGradients` and `applyGradients`.
 *
 * The loss closure is run at each evaluation of the variant. The loss and metrics returned are those of the
 * step's first; BatchNorm's statistics move once a step; the passes of a step share their dropout masks. Where
 * tfjs-layers is loaded lazily, load it before: its models are known only then.
 *
 * @param base any `tf.train` optimizer, or a wrapper around one
 * @param variant a member of the SAM family, such as `sam({ rho: 0.05 })`
 * @throws TypeError, RangeError for arguments that make no sense
 * @throws Error for a variant that needs more than one loss of one batch
 * @example
 * ```ts
 * model.compile({
 *   optimizer: sharpnessAware(tf.train.momentum(0.1, 0.9), sam({ rho: 0.05 })),
 *   loss: 'categoricalCrossentropy',
 *   metrics: ['accuracy'],
 * });
 * await model.fit(xs, ys);
 * ```
 */
export function sharpnessAware(
  base: tf.Optimizer,
  variant: Variant,
  options: SharpnessAwareOptions = {},
): SharpnessAwareOptimizer {
  return new SharpnessAwareOptimizer(base, variant, options);
}
