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
  ({ inputs: { x }, attrs }: KernelCall<'x', tf.SumAttrs>) => isOverLeadingAxes(x, attrs),
  ({ inputs: { x }, attrs, backend }) => {
    const { shape, size } = shapeOfSum(x, attrs);
    const sums = new Float64Array(size);
    const result = backend.makeOutput(shape, 'float32');
    addRows(view(x, backend), sums);
    view(result, backend).set(sums);
    return result;
  },
);

/** Whether the axes to sum over are the first ones. */
export function isOverLeadingAxes(x: tf.TensorInfo, attributes: tf.SumAttrs): boolean {
  const axes = axesOf(attributes, x);
  return x.dtype === 'float32' && axes.length > 0 && axes.every((axis, position) => axis === position);
}

/** The shape of such a sum, and how many numbers it has. */
export function shapeOfSum(x: tf.TensorInfo, attributes: tf.SumAttrs): { shape: number[]; size: number } {
  const axes = axesOf(attributes, x);
  const rest = x.shape.slice(axes.length);
  const shape = attributes.keepDims ? [...axes.map(() => 1), ...rest] : rest;
  return { shape, size: tf.util.sizeFromShape(rest) };
}

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
