import * as tf from '@tensorflow/tfjs-core';
import { gatheringOf, place } from './gathering.ts';
import { depthwiseGeometry, type Geometry, isEmpty } from './geometry.ts';
import { type KernelCall, missingKernel, type TrainingKernel } from './kernel.ts';
import { floatTensor } from './memory.ts';

const name = 'DepthwiseConv2dNativeBackpropInput';

/**
 * The gradient of a depthwise convolution by its input, as one depthwise convolution in XNNPACK:
 *
 *     dx[n, p, q, c] = Σ_{i, j, m} dy[n, y, z, c, m] · w[i, j, c, m]  where p = y·s + i − top, q = z·s + j − left
 *
 * It convolves dy, with s − 1 zeros between its elements, with the rotated filter; the sum over m comes after.
 */
export const depthwiseConv2dBackpropInput: TrainingKernel = missingKernel(
  name,
  ({ inputs, attrs, backend }: KernelCall<'dy' | 'filter', tf.DepthwiseConv2dNativeBackpropInputAttrs>) => {
    const { inputShape } = attrs;
    const geometry = depthwiseGeometry(name, inputShape, inputs.filter.shape, attrs, inputs.dy);
    if (isEmpty(geometry)) return tf.zeros(inputShape);
    return tf.tidy(() => {
      const dy = floatTensor<tf.Rank.R4>(inputs.dy, backend);
      const filter = floatTensor<tf.Rank.R4>(inputs.filter, backend);
      return inputGradient(geometry, dy, filter) ?? tf.zeros(inputShape);
    });
  },
);

function inputGradient(geometry: Geometry, dy: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D | undefined {
  const { batch, inChannels, outChannels, rows, columns } = geometry;
  const height = rows.output * rows.stride;
  const width = columns.output * columns.stride;
  const placed = place(
    insertZeros(geometry, dy),
    gatheringOf({ ...rows, output: height, stride: 1 }),
    gatheringOf({ ...columns, output: width, stride: 1 }),
  );
  if (!placed) return undefined;
  const rotated = tf.reshape(tf.reverse(filter, [0, 1]), [rows.filter, columns.filter, outChannels, 1]) as tf.Tensor4D;
  const products = tf.depthwiseConv2d(placed.dy, rotated, 1, placed.pad);
  if (outChannels === inChannels) return products;
  return tf.sum(tf.reshape(products, [batch, rows.input, columns.input, inChannels, -1]), 4);
}

/** Puts stride − 1 rows and columns of zeros after each row and column of dy. */
function insertZeros({ batch, outChannels, rows, columns }: Geometry, dy: tf.Tensor4D): tf.Tensor4D {
  if (rows.stride === 1 && columns.stride === 1) return dy;
  const pixels = tf.reshape(dy, [batch * rows.output, 1, columns.output, outChannels]);
  const spread = tf.pad(pixels, [
    [0, 0],
    [0, rows.stride - 1],
    [0, 0],
    [0, (columns.stride - 1) * outChannels],
  ]);
  return tf.reshape(spread, [batch, rows.output * rows.stride, columns.output * columns.stride, outChannels]);
}
