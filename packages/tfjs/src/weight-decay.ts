import { checkKeys, checkNumber, checkSelector, type LeafSelector, roleOf, selects } from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';
import { configOf, optimizerOf, read, written } from './config.ts';
import { trainedVariables } from './trained-variables.ts';
import {
  type Gradients,
  type LossAndGradients,
  type OrderedGradient,
  WrappingOptimizer,
} from './wrapping-optimizer.ts';

/** Options of {@link weightDecay}. */
export interface WeightDecayOptions {
  /** λ, at least 0. */
  readonly rate: number;
  /**
   * True: the weights shrink by ηλ before the base's step, apart from the gradient (AdamW). False (default): λw
   * is added to the gradient that the base is given (as in torch.optim.SGD).
   */
  readonly decoupled?: boolean;
  /** The variables that do not decay, by path or role. Default: none, all decay. */
  readonly exclude?: LeafSelector;
}

/** A `tf.Optimizer` around another that decays the weights. Made by {@link weightDecay}. */
export class WeightDecayOptimizer extends WrappingOptimizer {
  /** The name under which TensorFlow.js knows the class. */
  static readonly className = 'WeightDecay';
  readonly #rate: number;
  readonly #decoupled: boolean;
  readonly #exclude: LeafSelector;

  /** Use {@link weightDecay}. */
  constructor(base: tf.Optimizer, options: WeightDecayOptions) {
    super('weightDecay', base);
    checkKeys('weightDecay', options, ['rate', 'decoupled', 'exclude']);
    checkNumber('weightDecay', 'rate', options.rate, { min: 0 });
    this.#rate = options.rate;
    this.#decoupled = options.decoupled ?? false;
    this.#exclude = options.exclude ?? [];
    checkSelector('weightDecay', 'exclude', this.#exclude);
  }

  /** The base's. */
  override computeGradients(f: () => tf.Scalar, varList?: tf.Variable[]): LossAndGradients {
    this.settle(() => trainedVariables('weightDecay', 'varList', varList));
    return this.base.computeGradients(f, varList);
  }

  /** Decays the weights that have a gradient, and has the base apply the gradients. */
  override applyGradients(gradients: Gradients): void {
    const list = this.ordered(gradients);
    if (this.#decoupled) {
      for (const gradient of list) this.#shrink(gradient);
      this.applyToBase(list);
    } else {
      const added = list.map((gradient) => this.#withDecay(gradient));
      this.applyToBase(added);
      for (const [i, { tensor }] of added.entries()) if (tensor !== list[i]!.tensor) tensor?.dispose();
    }
    this.incrementIterations();
  }

  /**
   * The options, and the base as plain data.
   *
   * @throws RangeError for an option that cannot be written down: a function as selector
   */
  override getConfig(): tf.serialization.ConfigDict {
    const options = { rate: this.#rate, decoupled: this.#decoupled, exclude: this.#exclude };
    return written(this.owner, { base: configOf(this.base), options });
  }

  /** The optimizer that {@link WeightDecayOptimizer.getConfig} tells. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    type: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const { base, options } = read('weightDecay', config);
    return new type(optimizerOf(base as ReturnType<typeof configOf>), options);
  }

  #decays({ name, tensor }: OrderedGradient): tf.Variable | undefined {
    if (tensor === null || selects(this.#exclude, name, roleOf(name))) return undefined;
    return tf.engine().registeredVariables[name];
  }

  // w ← (1 − ηλ) w
  #shrink(gradient: OrderedGradient): void {
    const variable = this.#decays(gradient);
    if (variable !== undefined) tf.tidy(() => variable.assign(tf.mul(variable, 1 - this.learningRate * this.#rate)));
  }

  // g + λw
  #withDecay(gradient: OrderedGradient): OrderedGradient {
    const variable = this.#decays(gradient);
    if (variable === undefined) return gradient;
    return { name: gradient.name, tensor: tf.tidy(() => tf.add(gradient.tensor!, tf.mul(variable, this.#rate))) };
  }
}

/**
 * Decays the weights of any `tf.train` optimizer, which TensorFlow.js itself cannot.
 *
 * Coupled, the base is given g + λw; decoupled, w ← (1 − ηλ)w before the base's step. Inside
 * `sharpnessAware(weightDecay(…), …)` the decay is no part of the loss whose sharpness is sought, as in the
 * reference implementation of SAM; a layer's `kernelRegularizer` is.
 *
 * @param base any `tf.train` optimizer, or a wrapper around one
 * @throws TypeError, RangeError for arguments that make no sense
 * @example
 * ```ts
 * sharpnessAware(weightDecay(tf.train.adam(1e-3), { rate: 0.05, decoupled: true, exclude: ['bias', 'gamma', 'beta'] }), sam());
 * ```
 * @see Loshchilov and Hutter, "Decoupled weight decay regularization" (2019)
 */
export function weightDecay(base: tf.Optimizer, options: WeightDecayOptions): WeightDecayOptimizer {
  return new WeightDecayOptimizer(base, options);
}
