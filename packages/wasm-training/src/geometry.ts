import * as tf from '@tensorflow/tfjs-core';
import { unsupported } from './kernel.ts';

/**
 * One spatial axis of a convolution or pooling: output y sees the inputs y·stride + i − padding, for i < filter.
 * An output may see past the input's end, where there are zeros too.
 */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly filter: number;
  readonly stride: number;
  readonly padding: number;
}

/** The sizes of a convolution or pooling in the layout NHWC. */
export interface Geometry {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly rows: Axis;
  readonly columns: Axis;
}

/** A position [i, j] in a filter. */
export type Tap = readonly [i: number, j: number];

type Shape4D = [number, number, number, number];

/** The attributes that the gradients of `conv2d` and `depthwiseConv2d` share. */
export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The geometry of the convolution whose output's gradient is `dy`. */
export function convolutionGeometry(
  kernelName: string,
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dimRoundingMode }: ConvolutionAttributes,
  dy: tf.TensorInfo,
): Geometry {
  const shapes = [inputShape as Shape4D, filterShape as Shape4D] as const;
  return geometryOf(kernelName, tf.backend_util.computeConv2DInfo(...shapes, strides, 1, pad, dimRoundingMode), dy);
}

/**
 * The geometry of the depthwise convolution whose output's gradient is `dy`.
 *
 * @throws if it is dilated: TensorFlow.js has no gradient for that on any backend.
 */
export function depthwiseGeometry(
  kernelName: string,
  inputShape: number[],
  filterShape: number[],
  attributes: ConvolutionAttributes & { readonly dilations: [number, number] | number },
  dy: tf.TensorInfo,
): Geometry {
  const { strides, pad, dilations, dimRoundingMode } = attributes;
  if ([dilations ?? 1].flat().some((dilation) => dilation !== 1)) {
    throw unsupported(kernelName, 'dilations', dilations, 'use dilations of 1, or insert zeros into the filter');
  }
  const shapes = [inputShape as Shape4D, filterShape as Shape4D] as const;
  const info = tf.backend_util.computeConv2DInfo(...shapes, strides, 1, pad, dimRoundingMode, true);
  return geometryOf(kernelName, info, dy);
}

/**
 * The geometry that gave an output of the shape of its gradient `dy`.
 *
 * The output's height and width are read off `dy`: the gradient of `tf.conv2d` forgets `dimRoundingMode`, so that
 * its attributes may tell another size.
 *
 * @throws if `dy` has not the batch or the channels that the attributes tell.
 */
export function geometryOf(kernelName: string, info: tf.backend_util.Conv2DInfo, dy: tf.TensorInfo): Geometry {
  const [batch, outHeight, outWidth, channels] = dy.shape as Shape4D;
  if (dy.shape.length !== 4 || batch !== info.batchSize || channels !== info.outChannels) {
    const expected = `[${info.batchSize}, height, width, ${info.outChannels}]`;
    throw unsupported(kernelName, 'dy of shape', dy.shape, `pass the gradient of the output, of shape ${expected}`);
  }
  return geometryOfInfo({ ...info, outHeight, outWidth });
}

/** The geometry that TensorFlow.js computed. */
export function geometryOfInfo(info: tf.backend_util.Conv2DInfo): Geometry {
  return {
    batch: info.batchSize,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    rows: {
      input: info.inHeight,
      output: info.outHeight,
      filter: info.filterHeight,
      stride: info.strideHeight,
      padding: info.padInfo.top,
    },
    columns: {
      input: info.inWidth,
      output: info.outWidth,
      filter: info.filterWidth,
      stride: info.strideWidth,
      padding: info.padInfo.left,
    },
  };
}

/** Whether there is nothing to sum, so that every gradient is all zeros. */
export function isEmpty({ batch, inChannels, outChannels, rows, columns }: Geometry): boolean {
  const sizes = [batch, inChannels, outChannels, rows.input, rows.output, columns.input, columns.output];
  return Math.min(...sizes) === 0;
}

/** The outputs `start <= y < end` for which tap i of the filter falls on the input, not on padding. */
export function reach({ input, output, stride, padding }: Axis, tap: number): { start: number; end: number } {
  const start = Math.max(0, Math.ceil((padding - tap) / stride));
  const end = Math.min(output, Math.floor((input - 1 + padding - tap) / stride) + 1);
  return { start, end: Math.max(start, end) };
}

/** All positions in the filter, row by row. */
export function tapsOf({ rows, columns }: Geometry): Tap[] {
  return Array.from({ length: rows.filter * columns.filter }, (_, n) => [
    Math.floor(n / columns.filter),
    n % columns.filter,
  ]);
}
