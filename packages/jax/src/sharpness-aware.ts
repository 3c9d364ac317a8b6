import {
  type BaseOptimizer,
  checkKeys,
  checkNeeds,
  type Optimizer,
  type SessionOptions,
  type StepResult,
  sharpnessAware as sharpnessAwareOver,
  type Variant,
} from '@flatmin/core';
import { entries, leaves, type ParamTree } from '@flatmin/tree';
import { Array as JaxArray, numpy as np } from '@jax-js/jax';
import { arrays } from './algebra.ts';
import { lossAndGradient } from './loss-and-gradient.ts';
import { arraysOf, fromHost, type SavedState, toHost } from './saved-state.ts';

/** A base optimizer around which a variant works, over jax-js arrays. Made by {@link sharpnessAware}. */
export class SharpnessAwareOptimizer {
  readonly #optimizer: Optimizer<JaxArray>;

  /** Use {@link sharpnessAware}. */
  constructor(base: BaseOptimizer, variant: Variant, options: SessionOptions = {}) {
    checkKeys('sharpnessAware', options, ['seed', 'perturb', 'roles', 'nonFinite']);
    checkNeeds(variant, {
      offers: [],
      remedy: 'use sharpnessAware of @flatmin/core over the algebra arrays, with lossAndGradient of each part',
    });
    this.#optimizer = sharpnessAwareOver(base, variant, arrays, options);
  }

  /** Steps done. */
  get steps(): number {
    return this.#optimizer.steps;
  }

  /** Steps skipped because something was not finite. */
  get skipped(): number {
    return this.#optimizer.skipped;
  }

  /** Gradients computed in all. */
  get gradientEvaluations(): number {
    return this.#optimizer.gradientEvaluations;
  }

  /** The base optimizer's learning rate at the next step. */
  get learningRate(): number {
    return this.#optimizer.learningRate;
  }

  /**
   * Does one step. As a function of jax-js it consumes the weights; but a step that fails leaves them, and the state,
   * as they were.
   *
   * @param weights w, arrays of float32; `tree.ref(weights)` keeps them
   * @param lossOf the loss of this step's batch at any weights, a scalar; it is called once for each gradient, and
   * consumes the weights it is given, not what it closes over: there, take `x.ref`
   * @returns new weights and loss, which are the caller's
   * @throws TypeError when the weights are not arrays of float32, or the loss is not a scalar
   * @throws NonFiniteError when something is not finite, unless such steps are skipped
   */
  step<S extends ParamTree<JaxArray>>(weights: S, lossOf: (weights: NoInfer<S>) => JaxArray): StepResult<JaxArray, S> {
    checkWeights(weights);
    const result = this.#optimizer.step(weights, (at) => lossAndGradient(lossOf, at));
    leaves<JaxArray>(weights).forEach(arrays.dispose);
    return result;
  }

  /** {@link SharpnessAwareOptimizer.step} without blocking. Steps never overlap: await one before the next. */
  async stepAsync<S extends ParamTree<JaxArray>>(
    weights: S,
    lossOf: (weights: NoInfer<S>) => JaxArray,
  ): Promise<StepResult<JaxArray, S>> {
    checkWeights(weights);
    const result = await this.#optimizer.stepAsync(weights, (at) => lossAndGradient(lossOf, at));
    leaves<JaxArray>(weights).forEach(arrays.dispose);
    return result;
  }

  /**
   * Where training stands beside the weights, as plain data on the host.
   *
   * @throws Error while a step runs
   * @example
   * ```ts
   * await writeCheckpoint('run.ckpt', { optimizer: await optimizer.state() });
   * ```
   */
  async state(): Promise<SavedState> {
    return toHost(this.#optimizer.state());
  }

  /**
   * Goes on from where a state was taken: with the weights of then the same steps follow, bit for bit.
   *
   * @throws RangeError for what is no state, or that of another variant or base optimizer; nothing is changed then
   * @throws Error while a step runs
   */
  restore(state: SavedState): void {
    const restored = fromHost(state);
    try {
      this.#optimizer.restore(restored);
    } finally {
      arraysOf(restored).forEach(arrays.dispose);
    }
  }

  /** Frees the state of variant and base; the next step starts with fresh ones. Refused while a step runs. */
  dispose(): void {
    this.#optimizer.dispose();
  }
}

function checkWeights(weights: ParamTree<JaxArray>): void {
  for (const [path, leaf] of entries<unknown>(weights)) {
    const at = path === '' ? '' : ` at "${path}"`;
    if (!(leaf instanceof JaxArray)) {
      throw new TypeError(`step: the weights${at} are no array of jax-js; give one, such as np.array(…).`);
    }
    if (leaf.dtype !== np.float32) {
      throw new TypeError(`step: the weights${at} are of ${leaf.dtype}; give float32, as astype(np.float32) does.`);
    }
  }
}

/**
 * A variant around a base optimizer, for loss functions written with jax-js.
 *
 * @param base takes the variant's direction to new weights, such as `momentum` of `@flatmin/core`
 * @param variant asks for gradients and returns a direction, such as `sam` of `@flatmin/sam`
 * @throws RangeError for options that make no sense
 * @throws Error for a variant that needs more than one loss for one batch
 * @example
 * ```ts
 * const optimizer = sharpnessAware(momentum({ learningRate: 0.1 }), sam({ rho: 0.05 }));
 * let weights = { w: np.array([1, -2]) };
 * let loss;
 * for (let i = 0; i < 100; i++) {
 *   ({ weights, loss } = optimizer.step(weights, ({ w }) => np.sum(np.square(w))));
 *   console.log(loss.item());
 * }
 * ```
 */
export function sharpnessAware(
  base: BaseOptimizer,
  variant: Variant,
  options: SessionOptions = {},
): SharpnessAwareOptimizer {
  return new SharpnessAwareOptimizer(base, variant, options);
}
