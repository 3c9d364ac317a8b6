import * as tf from '@tensorflow/tfjs-core';
import { type ListCall, normOf, sumsOf } from '../lists.ts';
import { addressOf, type SimdKernel, simdKernel } from './simd-kernel.ts';

const sizeOf = ({ shape }: tf.TensorInfo): number => tf.util.sizeFromShape(shape);

/** √Σx² over all elements of a list of tensors, two at once. */
export const normOfList: SimdKernel = simdKernel(
  'FlatminNorm',
  ['lists'],
  () => true,
  (call: ListCall, functions) => normOf(call, (x) => functions['sumOfSquares']!(addressOf(x, call.backend), sizeOf(x))),
);

/** aᵢ + f·bᵢ for all tensors of a list, four elements at once. */
export const sumsOfList: SimdKernel = simdKernel(
  'FlatminAddScaled',
  ['lists'],
  () => true,
  (call: ListCall, functions) =>
    sumsOf(call, (sum, a, factor, b) => {
      const [target, one, other] = [sum, a, b].map((tensor) => addressOf(tensor, call.backend)) as [
        number,
        number,
        number,
      ];
      functions['addScaled']!(target, one, factor, other, sizeOf(a));
    }),
);
