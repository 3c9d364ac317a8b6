import * as tf from '@tensorflow/tfjs-core';

/**
 * The losses of samples, as a function of the user's returned them.
 *
 * @param owner whose option the function is, to begin the error's sentence
 * @throws TypeError when they are not one for each sample
 */
export function oneForEach(owner: string, losses: tf.Tensor, count: number): tf.Tensor {
  if (!(losses instanceof tf.Tensor)) {
    throw new TypeError(`${owner}: losses returned ${String(losses)}; return a tensor of one loss for each sample.`);
  }
  if (losses.shape[0] === count && losses.size === count) return losses;
  throw new TypeError(
    `${owner}: losses returned a tensor of shape [${losses.shape.join(', ')}] for ${count} samples; return one loss for each, as tf.losses functions do with tf.Reduction.NONE.`,
  );
}
