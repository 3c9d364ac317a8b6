import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** Every optimizer of `tf.train`, with settings that move visibly in a few steps. */
export const bases: readonly (readonly [name: string, make: () => tf.Optimizer])[] = [
  ['sgd', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.1, 0.9)],
  ['Nesterov', () => tf.train.momentum(0.1, 0.9, true)],
  ['adagrad', () => tf.train.adagrad(0.1)],
  ['adadelta', () => tf.train.adadelta(1)],
  ['rmsprop', () => tf.train.rmsprop(0.01, 0.9, 0.5)],
  ['adam', () => tf.train.adam(0.01)],
  ['adamax', () => tf.train.adamax(0.01)],
];

/** A batch of 32 samples of 3 numbers in 2 classes that a small network can learn. */
export interface Batch {
  readonly xs: tf.Tensor2D;
  readonly ys: tf.Tensor2D;
}

/** The same batch for the same seed. */
export function batch(seed = 1): Batch {
  return tf.tidy(() => {
    const xs = tf.randomNormal<tf.Rank.R2>([32, 3], 0, 1, 'float32', seed);
    const label = tf.cast(tf.greater(tf.sum(xs, 1), 0), 'int32') as tf.Tensor1D;
    return { xs, ys: tf.oneHot(label, 2) as tf.Tensor2D };
  });
}

/** A classifier of {@link batch}, with the layers asked for between its two dense layers; the same for the same call. */
export function classifier(between: tfl.layers.Layer[] = []): tfl.Sequential {
  const kernelInitializer = (seed: number) => tfl.initializers.glorotUniform({ seed });
  return tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 5, inputShape: [3], activation: 'tanh', kernelInitializer: kernelInitializer(1) }),
      ...between,
      tfl.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: kernelInitializer(2) }),
    ],
  });
}

/** Compiles for classification. */
export function compiled(model: tfl.Sequential, optimizer: tf.Optimizer): tfl.Sequential {
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** All weights of a model, the moving statistics too, as plain numbers. */
export const weightsOf = (model: tfl.LayersModel): number[][] =>
  model.getWeights().map((weight) => Array.from(weight.dataSync()));
