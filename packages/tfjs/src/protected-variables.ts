import * as tf from '@tensorflow/tfjs-core';

const dispose = (saved: ReadonlyMap<tf.Variable, tf.Tensor>): void => {
  for (const tensor of saved.values()) tensor.dispose();
};

// A clone shares its data and `assign` swaps data: keeping and putting back costs no copy and is exact.
const save = (variables: readonly tf.Variable[]): Map<tf.Variable, tf.Tensor> =>
  new Map(variables.map((variable) => [variable, tf.keep(tf.clone(variable))]));

function putBack(saved: ReadonlyMap<tf.Variable, tf.Tensor>): void {
  for (const [variable, tensor] of saved) if (variable.dataId !== tensor.dataId) variable.assign(tensor);
}

/** The weights of a step, held still: at any evaluation they may move, afterwards they are as they were. */
export class HeldWeights {
  /** The weights by name, as they are throughout the step. */
  readonly tree: Readonly<Record<string, tf.Tensor>>;
  readonly #saved: ReadonlyMap<tf.Variable, tf.Tensor>;

  constructor(variables: readonly tf.Variable[]) {
    this.#saved = save(variables);
    this.tree = Object.fromEntries(Array.from(this.#saved, ([{ name }, tensor]) => [name, tensor]));
  }

  /** Runs a function with other weights in force; the weights are put back exactly, whatever it throws. */
  at<R>(weights: Readonly<Record<string, tf.Tensor>>, f: () => R): R {
    try {
      for (const [variable, tensor] of this.#saved) {
        const wanted = weights[variable.name]!;
        if (wanted !== tensor) variable.assign(wanted);
      }
      return f();
    } finally {
      putBack(this.#saved);
    }
  }

  /** Lets go of the held data. */
  release(): void {
    dispose(this.#saved);
  }
}

/**
 * Runs a function that must leave no trace in some variables: what it changes is put back. BatchNorm's moving
 * statistics are such variables at every evaluation of a step but the first.
 */
export function withoutTrace<R>(variables: readonly tf.Variable[], f: () => R): R {
  const saved = save(variables);
  try {
    return f();
  } finally {
    putBack(saved);
    dispose(saved);
  }
}
