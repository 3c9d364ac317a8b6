import { tensors } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { float32Backend, float64Backend, type SyncBackend } from '../../../conformance/src/backend.ts';

tf.enableProdMode(); // silences the hint to install the native addon

/** TensorFlow.js in plain JavaScript. */
export const tensorBackend: SyncBackend<tf.Tensor> = {
  name: 'tensors',
  algebra: tensors,
  rounding: 2 ** -24,
  from: (numbers, shape) => tf.keep(tf.tensor([...numbers], [...shape])),
  numbers: (leaf) => Array.from(leaf.dataSync()),
  live: () => tf.memory().numTensors,
};

/** A backend of whatever leaves: whoever runs over all hands each its own. */
export type AnyBackend = SyncBackend<unknown>;

/** Double precision. */
export const f64: AnyBackend = float64Backend as AnyBackend;

/** All that measures are tested over. */
export const backends: readonly AnyBackend[] = [f64, float32Backend as AnyBackend, tensorBackend as AnyBackend];

/** What a difference of gradients leaves of a product with the Hessian, in parts of its largest eigenvalue, and then some. */
export const differences = ({ rounding }: AnyBackend): number => 30 * rounding ** (2 / 3);
