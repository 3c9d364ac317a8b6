import * as tf from '@tensorflow/tfjs-core';
import { type Geometry, geometryOfInfo, isEmpty } from '../geometry.ts';
import type { KernelCall } from '../kernel.ts';
import { allocate } from '../memory.ts';
import { type SimdKernel, simdKernel } from './simd-kernel.ts';
import type { Exports } from './web-assembly.ts';
import { convolve, isForWinograd, zeros } from './winograd.ts';

type Shape4D = [number, number, number, number];
type Call = KernelCall<'x' | 'filter', tf.Conv2DAttrs>;
type FusedCall = KernelCall<'x' | 'filter' | 'bias', tf.FusedConv2DAttrs>;

const moduleNames = ['winograd', 'matrix-products'] as const;

/** Convolutions with filters of 3×3 at stride 1 by Winograd's algorithm; the others are left to XNNPACK. */
export const convolution: SimdKernel = simdKernel('Conv2D', moduleNames, serves, convolved);

/** The same with a bias, added as the sums are written: a layer's, where its activation stands in a layer of its own. */
export const biasedConvolution: SimdKernel = simdKernel(
  'FusedConv2D',
  moduleNames,
  ({ inputs, attrs, backend }: FusedCall) => {
    const { filter, bias } = inputs;
    const biased = bias === undefined || (bias.dtype === 'float32' && bias.shape.join() === `${filter.shape[3]}`);
    return biased && attrs.activation === 'linear' && serves({ inputs, attrs, backend });
  },
  ({ inputs, ...call }, functions) => convolved({ inputs, ...call }, functions, inputs.bias),
);

function serves({ inputs: { x, filter }, attrs }: Call): boolean {
  const plain = attrs.dataFormat === 'NHWC' && [attrs.dilations ?? 1].flat().every((dilation) => dilation === 1);
  if (!plain || x.dtype !== 'float32' || filter.dtype !== 'float32') return false;
  const geometry = forwardGeometry(x, filter, attrs);
  return !isEmpty(geometry) && isForWinograd(geometry);
}

function convolved(
  { inputs: { x, filter }, attrs, backend }: Call,
  functions: Exports,
  bias?: tf.TensorInfo,
): tf.Tensor {
  const geometry = forwardGeometry(x, filter, attrs);
  return tf.tidy(() => {
    const { batch, rows, columns, outChannels } = geometry;
    const y = allocate<tf.Rank.R4>([batch, rows.output, columns.output, outChannels], backend);
    convolve(geometry, x, filter, bias ?? zeros(outChannels, backend), y, backend, functions);
    return y;
  });
}

function forwardGeometry(x: tf.TensorInfo, filter: tf.TensorInfo, attributes: tf.Conv2DAttrs): Geometry {
  const { strides, pad, dimRoundingMode } = attributes;
  const shapes = [x.shape as Shape4D, filter.shape as Shape4D] as const;
  return geometryOfInfo(tf.backend_util.computeConv2DInfo(...shapes, strides, 1, pad, dimRoundingMode));
}
