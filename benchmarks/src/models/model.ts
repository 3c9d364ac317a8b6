import * as tf from '@tensorflow/tfjs-core';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { conv4 } from './conv4.ts';
import { linear } from './linear.ts';

/** What a network is built for. */
export interface ModelInput {
  /** [height, width, channels] of an image. */
  readonly shape: readonly [number, number, number];
  readonly classes: number;
  /** Decides the initial weights. */
  readonly seed: number;
}

/** A network by name; it ends in logits, one a class. */
export interface Model {
  /** One line for the help. */
  readonly description: string;
  readonly build: (input: ModelInput) => Sequential;
}

/** The networks by the name that `--model` takes. */
export const models: ReadonlyMap<string, Model> = new Map<string, Model>([
  [
    'conv4-16',
    { description: '4 convolutions of 16, 16, 32, 32 filters, one dense layer', build: (input) => conv4(16, input) },
  ],
  ['conv4-32', { description: 'the same with 32, 32, 64, 64 filters', build: (input) => conv4(32, input) }],
  ['linear', { description: 'one dense layer, trained in seconds', build: linear }],
]);

/** The logits [n, classes] of images, in inference mode. */
export function logitsOf(model: Sequential, xs: tf.Tensor4D): tf.Tensor {
  return model.apply(xs, { training: false }) as tf.Tensor; // one output, so no list and nothing symbolic
}

/** Mean cross-entropy of softmax(logits), from the logits themselves, which is sound where a softmax would round to 0. */
export function crossEntropy(ys: tf.Tensor, logits: tf.Tensor): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(ys, logits);
}

/** The weights that are trained, in the network's order. */
export function trainedWeights(model: Sequential): tf.Variable[] {
  return model.getWeights(true).filter((weight) => weight instanceof tf.Variable);
}
