import * as tf from '@tensorflow/tfjs-core';
import type { SharpnessAwareOptimizer } from '../sharpness-aware-optimizer.ts';

/** A training that faults are brought into. */
export interface World {
  readonly optimizer: SharpnessAwareOptimizer;
  readonly weights: tf.Variable[];
  /** The batch, and all else that a fault has made: it is made anew, or freed, after each step. */
  batch: tf.Tensor2D;
  readonly litter: tf.Tensor[];
  /** The loss of the batch at the weights. */
  loss(): tf.Scalar;
}

/** Something that goes wrong within a loss closure: what it does in the loss's place. */
export type Fault = (world: World) => unknown;

const scaled =
  (factor: number): Fault =>
  ({ loss }) =>
    tf.mul(loss(), factor);

/** Faults that end the step, with what the error says. */
export const fatal: Readonly<Record<string, readonly [fault: Fault, message: RegExp]>> = {
  'throws at once': [
    () => {
      throw new Error('no such batch');
    },
    /^no such batch$/,
  ],
  'throws after computing': [
    ({ loss }) => {
      loss();
      throw new Error('no such batch');
    },
    /^no such batch$/,
  ],
  'returns a vector': [({ loss }) => tf.stack([loss(), loss()]), /returned a tensor of shape \[2\]; return a scalar/],
  'returns a promise': [({ loss }) => Promise.resolve(loss()), /returned a promise; return a scalar tensor/],
  'returns a number': [() => 3, /returned 3; return a scalar tensor/],
  'returns nothing': [({ loss }) => void loss(), /returned undefined; return a scalar tensor/],
  'returns a loss it has disposed of': [
    ({ loss }) => {
      const value = loss();
      value.dispose();
      return value;
    },
    /returned a tensor that it had disposed of/,
  ],
  'returns a loss of other things': [() => tf.scalar(1), /Cannot find a connection/],
  'makes a step of its own': [
    ({ loss, optimizer, weights }) => {
      optimizer.minimize(loss, false, weights);
      return loss();
    },
    /a step is still running/,
  ],
  'disposes of the optimizer': [
    ({ loss, optimizer }) => {
      const value = loss();
      optimizer.dispose();
      return value;
    },
    /a step is still running/,
  ],
  'freezes a weight before': [
    ({ loss, weights }) => {
      weights[0]!.trainable = false;
      return loss();
    },
    /was frozen during a step that trains it; do so between two steps/,
  ],
  'freezes a weight after': [
    ({ loss, weights }) => {
      const value = loss();
      weights[1]!.trainable = false;
      return value;
    },
    /was frozen during a step that trains it/,
  ],
};

/** Faults that make something not finite: the step ends, or is skipped, as the option says. */
export const notFinite: Readonly<Record<string, Fault>> = {
  'returns NaN': scaled(Number.NaN),
  'returns ∞': scaled(Number.POSITIVE_INFINITY),
  // The derivative of √x at 0 is ∞, and 0 · ∞ is NaN.
  'has a gradient that is NaN': ({ loss, weights }) =>
    tf.add(loss(), tf.sum(tf.mul(tf.sqrt(tf.mul(weights[0]!, 0)), 0))),
};

/** Things that look wrong, and are none of the step's business. */
export const harmless: Readonly<Record<string, Fault>> = {
  'assigns to the weights': ({ loss, weights }) => {
    const value = loss();
    for (const weight of weights) tf.tidy(() => weight.assign(tf.onesLike(weight)));
    return value;
  },
  'keeps its loss for itself': ({ loss, litter }) => {
    const value = tf.keep(loss());
    litter.push(value);
    return value;
  },
  'builds variables': ({ loss, litter }) => {
    litter.push(tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1), false));
    return loss();
  },
  'computes gradients of its own': ({ loss }) => {
    const slope = tf.grad((x) => tf.square(x))(tf.scalar(3));
    return tf.add(loss(), tf.mul(slope, 0));
  },
  'catches the error of a step of its own': ({ loss, optimizer, weights }) => {
    try {
      optimizer.minimize(loss, false, weights);
    } catch {}
    return loss();
  },
  'cleans up within a tidy': ({ loss }) => tf.tidy(() => tf.tidy(loss)),
};

/** Disposes of the batch: harmless where nobody asks for it again, and an error of TensorFlow.js where one does. */
export const disposesOfTheBatch: Fault = ({ loss, batch }) => {
  const value = loss();
  batch.dispose();
  return value;
};
