import * as tf from '@tensorflow/tfjs-core';
import { type Gathering, gatheringOf, place } from './gathering.ts';
import { convolutionGeometry, type Geometry, isEmpty } from './geometry.ts';
import { betterKernel, type KernelCall, type TrainingKernel } from './kernel.ts';
import { floatTensor } from './memory.ts';

const name = 'Conv2DBackpropInput';

/**
 * The gradient of a convolution by its input, as one convolution in XNNPACK:
 *
 *     dx[n, p, q, c] = Σ_{i, j, o} dy[n, y, z, o] · w[i, j, c, o]  where p = y·s + i − top, q = z·s + j − left
 *
 * With a stride of 1 that is a convolution of dy with the rotated filter. With a larger one, each phase of the input
 * is a convolution with its part of the filter; the phases are computed as channels, and then take their places.
 */
export const conv2DBackpropInput: TrainingKernel = betterKernel(
  name,
  ({ attrs }: KernelCall<'dy' | 'filter', tf.Conv2DBackpropInputAttrs>) => attrs.dataFormat === 'NHWC',
  ({ inputs, attrs, backend }) => {
    const { inputShape } = attrs;
    const geometry = convolutionGeometry(name, inputShape, inputs.filter.shape, attrs, inputs.dy);
    if (isEmpty(geometry)) return tf.zeros(inputShape);
    const rows = gatheringOf(geometry.rows);
    const columns = gatheringOf(geometry.columns);
    return tf.tidy(() => {
      const placed = place(floatTensor(inputs.dy, backend), rows, columns);
      if (!placed) return tf.zeros(inputShape);
      const filter = phaseFilter(geometry, rows, columns, floatTensor(inputs.filter, backend));
      return interleave(geometry, rows, columns, tf.conv2d(placed.dy, filter, 1, placed.pad));
    });
  },
);

/** The rotated filter, with a channel for each (phase, input channel): `[taps, taps, outChannels, phases * inChannels]`. */
function phaseFilter(geometry: Geometry, rows: Gathering, columns: Gathering, filter: tf.Tensor4D): tf.Tensor4D {
  const { inChannels, outChannels } = geometry;
  const [sh, sw] = [geometry.rows.stride, geometry.columns.stride];
  const below = rows.taps * sh - geometry.rows.filter;
  const right = columns.taps * sw - geometry.columns.filter;
  const whole = tf.pad(filter, [
    [0, below],
    [0, right],
    [0, 0],
    [0, 0],
  ]);
  const split = tf.reshape(whole, [rows.taps, sh, columns.taps, sw, inChannels, outChannels]);
  const rotated = tf.transpose(tf.reverse(split, [0, 2]), [0, 2, 5, 1, 3, 4]);
  return tf.reshape(rotated, [rows.taps, columns.taps, outChannels, sh * sw * inChannels]);
}

/** Moves the phases from the channels, `[batch, blocks, blocks, phases * channels]`, to their rows and columns. */
function interleave(geometry: Geometry, rows: Gathering, columns: Gathering, phases: tf.Tensor4D): tf.Tensor4D {
  const { batch, inChannels } = geometry;
  const [sh, sw] = [geometry.rows.stride, geometry.columns.stride];
  if (sh === 1 && sw === 1) return phases;
  const split = tf.reshape(phases, [batch * rows.blocks, columns.blocks, sh, sw * inChannels]);
  const height = rows.blocks * sh;
  const width = columns.blocks * sw;
  const whole = tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [batch, height, width, inChannels]) as tf.Tensor4D;
  const [h, w] = [geometry.rows.input, geometry.columns.input];
  if (h === height && w === width) return whole;
  return tf.slice(whole, [0, rows.offset, columns.offset, 0], [batch, h, w, inChannels]);
}
