import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import { composedPasses, EPSILON, type Normalised } from './batch-normalization-passes.ts';
import { nativePasses } from './native-batch-normalization.ts';

type LayerWeight = ReturnType<layers.Layer['addWeight']>;

/** Running statistics that follow within tens of steps: with the usual 0.99 short runs would be judged by those of the start. */
const MOMENTUM = 0.9;

/**
 * Batch normalisation over all axes but the last: y = γ (x − μ)/√(σ² + 0.001) + β, with the batch's μ and σ² in training,
 * and running ones, which follow with momentum 0.9, in inference.
 *
 * It computes what the layer of TensorFlow.js does, whose gradient is put together from some twenty passes over the
 * images: here it is the closed form, and on TensorFlow's native engine its own two fused kernels (docs/decisions/0017).
 */
class BatchNormalization extends layers.Layer {
  static readonly className = 'FlatminBatchNormalization';
  #gamma!: LayerWeight;
  #beta!: LayerWeight;
  #mean!: LayerWeight;
  #variance!: LayerWeight;

  override build(shape: number[]): void {
    const channels = [shape.at(-1)!];
    const [ones, zeros] = [initializers.ones(), initializers.zeros()];
    this.#gamma = this.addWeight('gamma', channels, 'float32', ones, undefined, true);
    this.#beta = this.addWeight('beta', channels, 'float32', zeros, undefined, true);
    this.#mean = this.addWeight('moving_mean', channels, 'float32', zeros, undefined, false);
    this.#variance = this.addWeight('moving_variance', channels, 'float32', ones, undefined, false);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }: { readonly training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const [gamma, beta] = [this.#gamma.read(), this.#beta.read()];
      if (!training) return tf.batchNorm(x, this.#mean.read(), this.#variance.read(), beta, gamma, EPSILON);
      const { y, mean, variance } = normaliseBatch(x, gamma, beta);
      follow(this.#mean, mean);
      follow(this.#variance, variance);
      return y;
    });
  }

  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
}

/** A layer of batch normalisation. */
export const batchNormalization = (): layers.Layer => new BatchNormalization({});

/** running ← running + (1 − momentum)(value − running) */
function follow(running: LayerWeight, value: tf.Tensor): void {
  const before = running.read();
  running.write(tf.add(before, tf.mul(tf.sub(value, before), 1 - MOMENTUM)));
}

function normaliseBatch(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): Normalised {
  const passes = tf.getBackend() === 'tensorflow' ? nativePasses : composedPasses;
  let statistics!: Omit<Normalised, 'y'>;
  const normalise = tf.customGrad((...args) => {
    const [images, scale, offset, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const { y, mean, variance, saved } = passes.forward(images, scale, offset);
    statistics = { mean: tf.keep(mean), variance: tf.keep(variance) }; // or they would be freed with what surrounds them
    save([images, scale, ...saved]);
    return { value: y, gradFunc: (dy, [image, s, ...rest]) => passes.backward(dy as tf.Tensor, image!, s!, rest) };
  });
  const y = normalise(x, gamma, beta);
  // Given to the tidy of the caller.
  const shared = { mean: tf.clone(statistics.mean), variance: tf.clone(statistics.variance) };
  tf.dispose([statistics.mean, statistics.variance]);
  return { y, ...shared };
}
