import type * as tf from '@tensorflow/tfjs-core';
import { Snapshot } from './snapshot.ts';
import { checkTrained } from './trained-variables.ts';

/** Tensors by the names of their variables. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** The weights of a step, held still: at any evaluation they may move, afterwards they are as they were. */
export class HeldWeights {
  /** The weights by name, as they are throughout the step. */
  readonly tree: Tensors;
  readonly #snapshot: Snapshot;

  constructor(variables: readonly tf.Variable[]) {
    this.#snapshot = new Snapshot(variables);
    this.tree = Object.fromEntries(Array.from(this.#snapshot.saved, ([{ name }, tensor]) => [name, tensor]));
  }

  /**
   * Runs a function with other weights in force; the weights are put back exactly, whatever it throws.
   *
   * @throws Error when one of them was disposed of or frozen since the step began
   */
  at<R>(weights: Tensors, f: () => R): R {
    checkTrained([...this.#snapshot.saved.keys()]);
    try {
      for (const [variable, tensor] of this.#snapshot.saved) {
        const wanted = weights[variable.name]!;
        if (wanted !== tensor) variable.assign(wanted);
      }
      return f();
    } finally {
      this.#snapshot.restore();
    }
  }

  /** Lets go of the held data. */
  release(): void {
    this.#snapshot.release();
  }
}
