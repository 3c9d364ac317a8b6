import * as tf from '@tensorflow/tfjs-core';
import type { KernelCall } from '../kernel.ts';
import { poolingGeometry } from '../max-pool-grad.ts';
import { allocate, floatTensor, view } from '../memory.ts';
import { addressOf, type SimdKernel, simdKernel } from './simd-kernel.ts';

/** The gradient of max pooling: each dy goes to the first of the largest inputs in its window, four channels at once. */
export const maxPoolGradient: SimdKernel = simdKernel(
  'MaxPoolGrad',
  ['max-pool-grad'],
  () => true,
  ({ inputs, attrs, backend }: KernelCall<'dy' | 'input' | 'output', tf.MaxPoolGradAttrs>, functions) => {
    const { batch, inChannels, rows, columns } = poolingGeometry(inputs.input, inputs.dy, attrs);
    return tf.tidy(() => {
      const x = floatTensor(inputs.input, backend);
      const dy = floatTensor(inputs.dy, backend);
      const dx = allocate<tf.Rank.R4>(x.shape as [number, number, number, number], backend);
      view(dx, backend).fill(0);
      functions['maxPoolGrad']!(
        ...[x, dy, dx].map((tensor) => addressOf(tensor, backend)),
        batch,
        inChannels,
        ...[rows.input, columns.input],
        ...[rows.output, columns.output],
        ...[rows.filter, columns.filter],
        ...[rows.stride, columns.stride],
        ...[rows.padding, columns.padding],
      );
      return dx;
    });
  },
);
