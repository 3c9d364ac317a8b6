import type { Landscape } from '@flatmin/landscape';
import { tensors } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Tensors by the names of their variables. */
export type Weights = Readonly<Record<string, tf.Tensor>>;

/**
 * The loss around the weights that a model has now. `loss` is the same function at each call: in inference mode, on the
 * same data. The copies of the weights belong to the caller: `tf.dispose(landscape.weights)`.
 */
export function landscapeOf(model: LayersModel, loss: () => tf.Scalar): Required<Landscape<tf.Tensor, Weights>> {
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const weights: Weights = Object.fromEntries(variables.map((variable) => [variable.name, tf.keep(variable.clone())]));
  const put = (there: Weights): void => {
    for (const variable of variables) variable.assign(there[variable.name]!);
  };
  const at = <R>(there: Weights, f: () => R): R => {
    put(there);
    try {
      return f();
    } finally {
      put(weights);
    }
  };
  return {
    weights,
    algebra: tensors,
    evaluate: (there) =>
      at(there, () => {
        const { value, grads } = tf.variableGrads(loss, variables);
        return { loss: value, gradient: grads };
      }),
    loss: (there) => at(there, () => tf.tidy(loss)),
  };
}
