import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { conv4 } from './conv4.ts';
import { linear } from './linear.ts';
import { mlp } from './mlp.ts';
import { resnet } from './resnet.ts';
import { wideResnet } from './wide-resnet.ts';

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
  /** Whether it has normalisation layers. */
  readonly normalised?: true;
  readonly build: (input: ModelInput) => LayersModel;
}

/** The networks by the name that `--model` takes. */
export const models: ReadonlyMap<string, Model> = new Map<string, Model>([
  [
    'conv4-16',
    {
      description: '4 convolutions of 16, 16, 32, 32 filters, one dense layer',
      build: (input) => conv4({ width: 16 }, input),
    },
  ],
  ['conv4-32', { description: 'the same with 32, 32, 64, 64 filters', build: (input) => conv4({ width: 32 }, input) }],
  [
    'conv4-16-bn',
    {
      description: 'conv4-16 with batch normalisation',
      normalised: true,
      build: (input) => conv4({ width: 16, normalised: true }, input),
    },
  ],
  [
    'resnet-12',
    {
      description: 'residual, 5 blocks of 16, 16, 32, 32, 64 filters, batch normalisation',
      normalised: true,
      build: (input) => resnet([2, 2, 1], input),
    },
  ],
  [
    'resnet-20',
    {
      description: 'residual, 3 blocks each of 16, 32, 64 filters, batch normalisation',
      normalised: true,
      build: (input) => resnet([3, 3, 3], input),
    },
  ],
  [
    'wrn-16-4',
    {
      description: 'wide residual, 2 blocks each of 64, 128, 256 filters, batch normalisation',
      normalised: true,
      build: (input) => wideResnet({ depth: 16, width: 4 }, input),
    },
  ],
  [
    'mlp-64',
    {
      description: '10 dense layers of 64, and one to the logits',
      build: (input) => mlp({ layers: 10, width: 64 }, input),
    },
  ],
  ['linear', { description: 'one dense layer, trained in seconds', build: linear }],
]);

/** The logits [n, classes] of images, in inference mode unless it is for training. */
export function logitsOf(
  model: LayersModel,
  xs: tf.Tensor,
  { training = false }: { readonly training?: boolean } = {},
): tf.Tensor {
  return model.apply(xs, { training }) as tf.Tensor; // one output, so no list and nothing symbolic
}

/** Mean cross-entropy of softmax(logits), from the logits themselves, which is sound where a softmax would round to 0. */
export function crossEntropy(ys: tf.Tensor, logits: tf.Tensor): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(ys, logits);
}

/** {@link crossEntropy} of each image, [n]. */
export function crossEntropies(ys: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return tf.losses.softmaxCrossEntropy(ys, logits, undefined, undefined, tf.Reduction.NONE);
}

/** Which images have their largest logit at their class, [n]. */
export function rightAnswers(ys: tf.Tensor, logits: tf.Tensor): tf.Tensor1D {
  return tf.equal(tf.argMax(logits, 1), tf.argMax(ys, 1));
}

/** The weights that are trained, in the network's order. */
export function trainedWeights(model: LayersModel): tf.Variable[] {
  return model.getWeights(true).filter((weight) => weight instanceof tf.Variable);
}
