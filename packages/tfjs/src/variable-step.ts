import type { Evaluation, ParamTree, Shard } from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';
import { tensors } from './algebra.ts';
import { HeldWeights, type Tensors } from './held-weights.ts';
import { lossAndGradients } from './loss-and-gradients.ts';
import { SharedRandomness } from './shared-randomness.ts';
import { SideEffects } from './side-effects.ts';

/** Where to run a function, and which part of which batch it is about. */
interface Place {
  readonly weights: ParamTree<tf.Tensor>;
  readonly shard?: Shard;
  readonly batch?: 'previous';
}

/**
 * One step of a variant on variables: they are held still, each part of the batch has its side effects once, and
 * its evaluations see the same random numbers.
 */
export class VariableStep {
  /** The names of the variables on which a loss was seen to depend: the others take no part in the step. */
  readonly connected: Set<string> = new Set();
  readonly #base: tf.Optimizer;
  readonly #variables: tf.Variable[];
  readonly #held: HeldWeights;
  readonly #effects: SideEffects;
  readonly #randomness = new Map<string, SharedRandomness>();

  /**
   * @param base computes the gradients
   * @param variables those to optimise
   * @param others those that the user's closure may move on its own
   */
  constructor(base: tf.Optimizer, variables: tf.Variable[], others: () => tf.Variable[]) {
    this.#base = base;
    this.#variables = variables;
    this.#held = new HeldWeights(variables);
    this.#effects = new SideEffects(others);
  }

  /** The weights by name. */
  get weights(): Tensors {
    return this.#held.tree;
  }

  /** The loss that `f` returns at the weights asked for, and its gradient. */
  evaluate(f: () => tf.Scalar, place: Place, first: boolean): Evaluation<tf.Tensor> {
    return this.run(() => this.#evaluation(f), place, first);
  }

  /** Runs a synchronous function at the weights asked for. */
  run<R>(f: () => R, { weights, shard, batch }: Place, first: boolean): R {
    const part = [batch ?? 'this', ...(shard ? [shard.index, 'of', shard.count] : [])].join(' ');
    const there = (): R => this.#held.at(weights as Tensors, f);
    return this.#randomnessOf(part).run(() =>
      first ? this.#effects.first(part, there) : this.#effects.another(part, there),
    );
  }

  /** Takes the side effects back. */
  undo(): void {
    this.#effects.undo();
  }

  /** Lets go of the data held. */
  release(): void {
    this.#held.release();
    this.#effects.release();
  }

  #evaluation(f: () => tf.Scalar): Evaluation<tf.Tensor> {
    const { value, grads } = lossAndGradients(this.#base, f, this.#variables);
    const leaf = (variable: tf.Variable): tf.Tensor => {
      const gradient = grads[variable.name];
      if (gradient == null) return tensors.full(variable, 0);
      this.connected.add(variable.name);
      return tf.keep(gradient);
    };
    return { loss: tf.keep(value), gradient: Object.fromEntries(this.#variables.map((v) => [v.name, leaf(v)])) };
  }

  #randomnessOf(part: string): SharedRandomness {
    const known = this.#randomness.get(part);
    if (known !== undefined) return known;
    const fresh = new SharedRandomness();
    this.#randomness.set(part, fresh);
    return fresh;
  }
}
