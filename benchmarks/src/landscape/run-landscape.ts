import { setImmediate } from 'node:timers/promises';
import type { AsyncLandscape } from '@flatmin/landscape';
import { tensors } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { pieces, type Subset, toBatch } from '../data/images.ts';
import { crossEntropy, logitsOf, rightAnswers, trainedWeights } from '../models/model.ts';

/** A network's trained weights by name. */
export type Weights = Readonly<Record<string, tf.Tensor>>;

/** The mean loss of a network over some images, around its weights. */
export interface RunLandscape extends Required<AsyncLandscape<tf.Tensor, Weights>> {
  /** The share of wrong answers, the 0–1 loss. */
  errors(weights: Weights): Promise<number>;
  /** Frees the copies of the weights; the network has its own back. */
  dispose(): void;
}

const BATCH = 250;

/**
 * The landscape of a network: mean cross-entropy over a subset in inference mode, so that the same weights have the same
 * loss each time.
 *
 * @throws the signal's reason from whatever is asked, once it is aborted
 */
export function landscapeOf(model: LayersModel, subset: Subset, signal: AbortSignal): RunLandscape {
  const variables = trainedWeights(model);
  const weights: Weights = Object.fromEntries(variables.map((variable) => [variable.name, variable.clone()]));
  const put = (there: Weights): void => {
    for (const variable of variables) variable.assign(there[variable.name]!);
  };

  /** A sum over the images at some weights; the network has its own back afterwards. */
  const over = async (there: Weights, add: (xs: tf.Tensor, ys: tf.Tensor, share: number) => void): Promise<void> => {
    try {
      for (const indices of pieces(subset.indices, BATCH)) {
        await setImmediate();
        signal.throwIfAborted();
        put(there);
        const { xs, ys } = toBatch(subset.of, indices);
        try {
          add(xs, ys, indices.length / subset.indices.length);
        } finally {
          tf.dispose([xs, ys]);
        }
      }
    } finally {
      put(weights);
    }
  };
  const total = async (there: Weights, f: (xs: tf.Tensor, ys: tf.Tensor) => tf.Scalar): Promise<number> => {
    let sum = 0;
    await over(there, (xs, ys, share) => {
      sum += share * tf.tidy(() => f(xs, ys).dataSync()[0]!);
    });
    return sum;
  };

  return {
    weights,
    algebra: tensors,
    async evaluate(there) {
      let loss = 0;
      let gradient: Record<string, tf.Tensor> | undefined;
      const add = (xs: tf.Tensor, ys: tf.Tensor, share: number): void => {
        const [value, sum] = tf.tidy(() => {
          const { value, grads } = tf.variableGrads(() => crossEntropy(ys, logitsOf(model, xs)), variables);
          const added = variables.map(({ name }) => {
            const part = tf.mul(grads[name]!, share);
            return [name, gradient === undefined ? part : tf.add(gradient[name]!, part)] as const;
          });
          return [share * value.dataSync()[0]!, Object.fromEntries(added)] as const;
        });
        loss += value;
        if (gradient !== undefined) tf.dispose(gradient);
        gradient = sum;
      };
      try {
        await over(there, add);
      } catch (error) {
        if (gradient !== undefined) tf.dispose(gradient);
        throw error;
      }
      return { loss, gradient: gradient! };
    },
    loss: (there) => total(there, (xs, ys) => crossEntropy(ys, logitsOf(model, xs))),
    errors: (there) => total(there, (xs, ys) => tf.sub(1, tf.mean(rightAnswers(ys, logitsOf(model, xs)))) as tf.Scalar),
    dispose: () => tf.dispose(weights),
  };
}
