import * as tf from '@tensorflow/tfjs-core';
import { betterKernel, type KernelCall, type TrainingKernel } from './kernel.ts';
import { floatTensor } from './memory.ts';

/**
 * A product of matrices of which one is transposed, as the gradients of a dense layer are: transposed first, and then
 * multiplied by XNNPACK, which the backend's own kernel asks for products of matrices as they are only.
 */
export const matrixProduct: TrainingKernel = betterKernel(
  'BatchMatMul',
  ({ inputs: { a, b }, attrs }: KernelCall<'a' | 'b', tf.BatchMatMulAttrs>) =>
    (attrs.transposeA || attrs.transposeB) && [a, b].every(isMatrix),
  ({ inputs, attrs, backend }) =>
    tf.tidy(() => {
      const a = asMatrix(floatTensor(inputs.a, backend), attrs.transposeA);
      const b = asMatrix(floatTensor(inputs.b, backend), attrs.transposeB);
      const ranks = Math.max(inputs.a.shape.length, inputs.b.shape.length);
      return tf.reshape(tf.matMul(a, b), [...Array(ranks - 2).fill(1), a.shape[0], b.shape[1]]);
    }),
);

/** Whether there is one matrix, and numbers in it. */
function isMatrix({ shape, dtype }: tf.TensorInfo): boolean {
  const [height, width] = shape.slice(-2);
  return dtype === 'float32' && tf.util.sizeFromShape(shape) === height! * width! && height! * width! > 0;
}

function asMatrix(x: tf.Tensor, transpose: boolean): tf.Tensor2D {
  const matrix = tf.reshape<tf.Rank.R2>(x, x.shape.slice(-2) as [number, number]);
  return transpose ? tf.transpose(matrix) : matrix;
}
