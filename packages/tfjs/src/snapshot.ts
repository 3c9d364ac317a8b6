import type * as tf from '@tensorflow/tfjs-core';
import { tensors } from './algebra.ts';
import { isAlive } from './trained-variables.ts';

/**
 * Variables as they were at one moment. Handles share the data, and `assign` swaps it: keeping and putting back
 * costs no copy and is exact.
 */
export class Snapshot {
  readonly #saved: Map<tf.Variable, tf.Tensor>;

  constructor(variables: readonly tf.Variable[]) {
    this.#saved = new Map(variables.map((variable) => [variable, tensors.share(variable)]));
  }

  /** A handle on the data that each variable had. */
  get saved(): ReadonlyMap<tf.Variable, tf.Tensor> {
    return this.#saved;
  }

  /** Puts back the data of the variables that have changed since, and are still there. */
  restore(): void {
    for (const [variable, tensor] of this.#saved) if (hasChanged(variable, tensor)) variable.assign(tensor);
  }

  /** Lets go of the variables that have not changed since. */
  forgetUnchanged(): void {
    for (const [variable, tensor] of this.#saved) {
      if (hasChanged(variable, tensor)) continue;
      tensor.dispose();
      this.#saved.delete(variable);
    }
  }

  /** Lets go of the data. */
  release(): void {
    for (const tensor of this.#saved.values()) tensor.dispose();
  }
}

const hasChanged = (variable: tf.Variable, tensor: tf.Tensor): boolean =>
  variable.dataId !== tensor.dataId && isAlive(variable);
