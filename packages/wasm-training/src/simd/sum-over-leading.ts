import * as tf from '@tensorflow/tfjs-core';
import type { KernelCall } from '../kernel.ts';
import { allocate, view } from '../memory.ts';
import { isOverLeadingAxes, shapeOfSum } from '../sum.ts';
import { addressOf, type SimdKernel, simdKernel } from './simd-kernel.ts';

/** A sum over the leading axes, in float64, four columns at once. */
export const sumOverLeading: SimdKernel = simdKernel(
  'Sum',
  ['sums'],
  ({ inputs: { x }, attrs }: KernelCall<'x', tf.SumAttrs>) => isOverLeadingAxes(x, attrs),
  ({ inputs: { x }, attrs, backend }, functions) => {
    const { shape, size } = shapeOfSum(x, attrs);
    return tf.tidy(() => {
      const result = allocate(shape, backend);
      // Room for numbers of twice the size, and for where they begin: at a multiple of 8 bytes.
      const sums = allocate<tf.Rank.R1>([2 * size + 2], backend);
      view(sums, backend).fill(0);
      const start = Math.ceil(addressOf(sums, backend) / 8) * 8;
      const rows = size > 0 ? tf.util.sizeFromShape(x.shape) / size : 0;
      functions['sumRows']!(addressOf(x, backend), start, rows, size);
      const target = view(result, backend);
      target.set(new Float64Array(target.buffer, start, size));
      return result;
    });
  },
);
