import * as tf from '@tensorflow/tfjs-core';
import { betterKernel, type KernelCall, type TrainingKernel } from './kernel.ts';
import { view } from './memory.ts';

/**
 * A sum over the leading axes, which is the gradient of a bias, in float64 and without a transpose:
 *
 *     y[...] = Σ_n x[n, ...]
 *
 * The backend's own kernel transposes, and adds in float32 one number after the other.
 */
export const sum: TrainingKernel = betterKernel(
  'Sum',
  ({ inputs: { x }, attrs }: KernelCall<'x', tf.SumAttrs>) => {
    const axes = axesOf(attrs, x);
    return x.dtype === 'float32' && axes.length > 0 && axes.every((axis, position) => axis === position);
  },
  ({ inputs: { x }, attrs, backend }) => {
    const axes = axesOf(attrs, x);
    const shape = x.shape.slice(axes.length);
    const sums = new Float64Array(tf.util.sizeFromShape(shape));
    const result = backend.makeOutput(attrs.keepDims ? [...axes.map(() => 1), ...shape] : shape, 'float32');
    addRows(view(x, backend), sums);
    view(result, backend).set(sums);
    return result;
  },
);

function axesOf({ axis }: tf.SumAttrs, x: tf.TensorInfo): number[] {
  return tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
}

/** Adds the rows of `values` to `sums`, four at a time: to load and store the sums takes longer than to add. */
function addRows(values: Float32Array, sums: Float64Array): void {
  if (values.length === 0) return;
  const size = sums.length;
  const fours = values.length - (values.length % (4 * size));
  for (let a = 0; a < fours; a += 4 * size) {
    const b = a + size;
    const c = b + size;
    const d = c + size;
    for (let k = 0; k < size; k++) {
      sums[k] = sums[k]! + (values[a + k]! + values[b + k]! + values[c + k]! + values[d + k]!);
    }
  }
  for (let a = fours; a < values.length; a += size) {
    for (let k = 0; k < size; k++) sums[k] = sums[k]! + values[a + k]!;
  }
}
