import * as tf from '@tensorflow/tfjs-core';

/** What a batch gives: its normalised images, and its own mean and (biased) variance, a number a channel. */
export interface Normalised {
  readonly y: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/** The two passes through a batch normalisation in training. */
export interface Passes {
  /** y = γ (x − μ)/√(σ² + ε) + β, and what the way back needs besides x and γ. */
  forward(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): Normalised & { readonly saved: tf.Tensor[] };
  /** The gradients of x, γ and β. */
  backward(dy: tf.Tensor, x: tf.Tensor, gamma: tf.Tensor, saved: readonly tf.Tensor[]): tf.Tensor[];
}

/** As TensorFlow.js has it. */
export const EPSILON = 1e-3;

/** Put together from operations that every engine has. */
export const composedPasses: Passes = {
  forward(x, gamma, beta) {
    const { mean, variance } = tf.moments(x, axesOf(x));
    const y = tf.batchNorm(x, vector(mean), vector(variance), vector(beta), vector(gamma), EPSILON);
    return { y, mean, variance, saved: [mean, variance] };
  },
  backward(dy, x, gamma, [mean, variance]) {
    const r = tf.rsqrt(tf.add(variance!, EPSILON));
    const normalised = tf.mul(tf.sub(x, mean!), r); // x̂ = (x − μ)/√(σ² + ε)
    const dBeta = tf.sum(dy, axesOf(x)); // Σ dy
    const dGamma = tf.sum(tf.mul(dy, normalised), axesOf(x)); // Σ dy x̂
    const count = x.size / gamma.size;
    // γ/√(σ² + ε) · (dy − (Σ dy + x̂ Σ dy x̂)/n)
    const along = tf.add(tf.mul(normalised, tf.div(dGamma, count)), tf.div(dBeta, count));
    return [tf.mul(tf.sub(dy, along), tf.mul(gamma, r)), dGamma, dBeta];
  },
};

/** All but the last. */
function axesOf(x: tf.Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, axis) => axis);
}

function vector(x: tf.Tensor): tf.Tensor1D {
  return tf.reshape(x, [x.size]);
}
