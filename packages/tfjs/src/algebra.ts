import type { Algebra } from '@flatmin/tree';
import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';
import { handle } from './handles.ts';

// Results outlive any tidy around the step (`model.fit` has one): whoever drives the step frees them.
const kept = (compute: () => tf.Tensor): tf.Tensor => tf.keep(tf.tidy(compute));

// A sum of one long row loses digits where the backend adds one by one (the WebAssembly backend does). Rows of √n and then the row sums keep the error near one rounding.
function accurateSum(vector: tf.Tensor): tf.Tensor {
  if (vector.size <= 1024) return tf.sum(vector);
  const width = Math.ceil(Math.sqrt(vector.size));
  const padding = width * Math.ceil(vector.size / width) - vector.size;
  return tf.sum(tf.sum(tf.reshape(tf.pad(vector, [[0, padding]]), [-1, width]), 1));
}

// All leaves as one vector: a few large kernels instead of a few for each leaf.
function flat(leaves: readonly tf.Tensor[]): tf.Tensor | undefined {
  const vectors = leaves
    .filter(({ size }) => size > 0)
    .map((leaf) => (leaf.rank === 1 ? leaf : tf.reshape(leaf, [leaf.size])));
  return vectors.length > 1 ? tf.concat(vectors) : vectors[0];
}

const reduction = (reduce: (vector: tf.Tensor) => tf.Tensor) => (leaves: readonly tf.Tensor[]) =>
  kept(() => {
    const vector = flat(leaves);
    return vector === undefined ? tf.scalar(0) : reduce(vector);
  });

const peakOf = (vector: tf.Tensor): tf.Tensor => tf.tidy(() => tf.max(tf.abs(vector)));

// Scaled by the largest element: squares leave float32 below 1e-23 and above 1e19, half floats much sooner. What was
// computed on the way is freed at once, as it is as large as all weights.
function normOf(vector: tf.Tensor): tf.Tensor {
  if (vector.size === 1) return tf.abs(tf.sum(vector)); // a loss, most often
  const peak = peakOf(vector);
  const scale = tf.where(tf.greater(peak, 0), peak, tf.onesLike(peak));
  const squares = tf.tidy(() => tf.square(tf.div(vector, scale)));
  return tf.mul(scale, tf.sqrt(accurateSum(squares)));
}

function norm(leaves: readonly tf.Tensor[]): tf.Tensor {
  const [fused] = runFused('FlatminNorm', leaves) ?? [];
  return fused === undefined ? reduction(normOf)(leaves) : tf.keep(fused);
}

// Leaf by leaf, each product freed before the next: together they would take the memory of all weights.
function addScaled(a: readonly tf.Tensor[], factor: tf.Tensor | number, b: readonly tf.Tensor[]): tf.Tensor[] {
  const fused = fusedSums(a, factor, b);
  if (fused !== undefined) return fused.map((sum) => tf.keep(sum));
  return a.map((x, k) => kept(() => tf.add(x, tf.mul(b[k]!, factor))));
}

function fusedSums(
  a: readonly tf.Tensor[],
  factor: tf.Tensor | number,
  b: readonly tf.Tensor[],
): tf.Tensor[] | undefined {
  if (a.length === 0) return undefined;
  if (!a.every(({ shape }, k) => tf.util.arraysEqual(shape, b[k]!.shape))) return undefined; // a scalar spreads
  const scalar = typeof factor === 'number' ? tf.scalar(factor) : factor;
  const sums = scalar.size === 1 ? runFused('FlatminAddScaled', [...a, ...b, scalar]) : undefined;
  if (scalar !== factor) scalar.dispose();
  return sums;
}

function top(leaves: readonly tf.Tensor[], count: number): tf.Tensor[] {
  const masks = tf.tidy(() => {
    const vector = flat(leaves);
    if (vector === undefined || count <= 0) return leaves.map((leaf) => tf.zerosLike(leaf));
    const { indices } = tf.topk(vector, Math.min(count, vector.size));
    const chosen = tf.scatterND(tf.expandDims(indices, 1), tf.ones([indices.size]), [vector.size]);
    const parts = tf.split(
      chosen,
      leaves.map(({ size }) => size),
    );
    return parts.map((part, k) => tf.reshape(part, leaves[k]!.shape));
  });
  return masks.map((mask) => tf.keep(mask));
}

/**
 * The algebra over TensorFlow.js tensors, on whichever backend is set. Results are kept beyond any `tf.tidy`
 * until they are disposed.
 *
 * @example
 * ```ts
 * treeMath(tensors).norm({ kernel: tf.tensor1d([3, 4]) }); // a scalar tensor, 5
 * ```
 */
export const tensors: Algebra<tf.Tensor> = {
  add: (a, b) => tf.keep(tf.add(a, b)),
  sub: (a, b) => tf.keep(tf.sub(a, b)),
  mul: (a, b) => tf.keep(tf.mul(a, b)),
  div: (a, b) => tf.keep(tf.div(a, b)),
  addScaled,
  sqrt: (a) => tf.keep(tf.sqrt(a)),
  abs: (a) => tf.keep(tf.abs(a)),
  // The sign of the WebAssembly backend is 0 where a number is small.
  sign: (a) => kept(() => tf.sub(tf.cast(tf.greater(a, 0), 'float32'), tf.cast(tf.less(a, 0), 'float32'))),
  pow: (a, exponent) => kept(() => tf.pow(a, exponent)),
  sum: reduction(accurateSum),
  peak: reduction(peakOf),
  norm,
  top,
  guard: (test, a) => kept(() => tf.where(tf.logicalAnd(tf.greater(test, 0), tf.isFinite(test)), a, tf.zerosLike(a))),
  full: (like, value) => tf.keep(tf.fill(like.shape, value)),
  scalar: (value) => tf.keep(tf.scalar(value)),
  // TensorFlow.js takes the seed 0 for none.
  normal: (like, seed) => tf.keep(tf.randomNormal(like.shape, 0, 1, 'float32', seed + 0.5)),
  shape: (a) => a.shape,
  share: (a) => tf.keep(handle(a)),
  dispose: (a) => a.dispose(),
  read: (scalar) => scalar.dataSync()[0]!,
  readAsync: async (scalar) => (await scalar.data())[0]!,
};
