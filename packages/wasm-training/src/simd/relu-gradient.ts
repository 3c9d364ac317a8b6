import * as tf from '@tensorflow/tfjs-core';
import { allocate } from '../memory.ts';
import type { ReluGradCall } from '../relu-grad.ts';
import { addressOf, type SimdKernel, simdKernel } from './simd-kernel.ts';

/** dy · step(x), four elements at once. */
export const reluGradInSimd: SimdKernel = simdKernel(
  'FlatminReluGrad',
  ['relu-grad'],
  () => true,
  ({ inputs: { dy, x }, backend }: ReluGradCall, functions) => {
    const dx = allocate(x.shape, backend);
    const addresses = [dx, dy, x].map((tensor) => addressOf(tensor, backend));
    functions['reluGrad']!(...addresses, tf.util.sizeFromShape(x.shape));
    return dx;
  },
);
