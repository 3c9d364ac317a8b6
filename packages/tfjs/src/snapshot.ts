import type * as tf from '@tensorflow/tfjs-core';
import { tensors } from './algebra.ts';

/**
 * Variables as they were at one moment. Handles share the data, and `assign` swaps it: keeping and putting back
 * costs no copy and is exact.
 */
export class Snapshot {
  /** A handle on the data that each variable had. */
  readonly saved: ReadonlyMap<tf.Variable, tf.Tensor>;

  constructor(variables: readonly tf.Variable[]) {
    this.saved = new Map(variables.map((variable) => [variable, tensors.share(variable)]));
  }

  /** Puts back the data of the variables that have changed since, and are still there. */
  restore(): void {
    for (const [variable, tensor] of this.saved) {
      if (variable.dataId !== tensor.dataId && !variable.isDisposed) variable.assign(tensor);
    }
  }

  /** Lets go of the data. */
  release(): void {
    for (const tensor of this.saved.values()) tensor.dispose();
  }
}
