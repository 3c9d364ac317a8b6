import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { convolutionGeometry, type Geometry, isEmpty, tapsOf } from './geometry.ts';
import { type KernelCall, missingKernel, type TrainingKernel, unsupported } from './kernel.ts';
import { allocate, copyOf, floatTensor, view } from './memory.ts';
import { copyTapView } from './tap-view.ts';

const name = 'Conv2DBackpropFilter';

/** The numbers in a matrix of patches (4 MiB): larger ones are no faster, and the backend's memory never shrinks. */
const patchNumbers = 2 ** 20;

/**
 * The gradient of a convolution by its filter, as products of matrices:
 *
 *     dW[i, j, c, o] = Σ_{y, z, n} x[n, y·s + i − top, z·s + j − left, c] · dy[n, y, z, o]
 *
 * The left matrix has a row for each (i, j, c) and a column for each (y, z, n). As the images are innermost, what a
 * tap sees of one row is one contiguous run of the input.
 */
export const conv2DBackpropFilter: TrainingKernel = missingKernel(
  name,
  ({ inputs, attrs, backend }: KernelCall<'x' | 'dy', tf.Conv2DBackpropFilterAttrs>) => {
    const { filterShape, dataFormat } = attrs;
    if (dataFormat !== 'NHWC') {
      throw unsupported(name, 'dataFormat', dataFormat, "use 'NHWC' (in layers: 'channelsLast')");
    }
    const geometry = convolutionGeometry(name, inputs.x.shape, filterShape, attrs, inputs.dy);
    if (isEmpty(geometry)) return tf.zeros(filterShape);
    return tf.tidy(() => {
      const x = floatTensor(inputs.x, backend);
      const dy = floatTensor(inputs.dy, backend);
      return tf.reshape(filterGradient(geometry, x, dy, backend), filterShape);
    });
  },
);

function filterGradient(geometry: Geometry, x: tf.Tensor, dy: tf.Tensor, backend: BackendWasm): tf.Tensor {
  const { batch, inChannels, outChannels, rows, columns } = geometry;
  const images = tf.transpose(tf.reshape(x, [batch, rows.input * columns.input, inChannels]), [2, 1, 0]);
  const gradients = tf.transpose(tf.reshape(dy, [batch, rows.output * columns.output, outChannels]), [1, 0, 2]);
  const rowSize = columns.output * batch;
  const patchSize = rows.filter * columns.filter * inChannels;
  const rowsAtOnce = Math.max(1, Math.floor(patchNumbers / (patchSize * rowSize)));
  let total: tf.Tensor | undefined;
  for (let from = 0; from < rows.output; from += rowsAtOnce) {
    const to = Math.min(from + rowsAtOnce, rows.output);
    const part = tf.tidy(() => {
      const shape: [number, number] = [(to - from) * rowSize, outChannels];
      const right = copyOf(gradients, from * rowSize * outChannels, shape, backend);
      return tf.matMul(patchMatrix(geometry, images, from, to, backend), right);
    });
    total = total ? addAndDispose(total, part) : part;
  }
  return total!;
}

/** What every tap sees in every channel of `images`, `[channels, rows, columns, batch]`, from output rows `from` to `to`. */
function patchMatrix(
  geometry: Geometry,
  images: tf.Tensor,
  from: number,
  to: number,
  backend: BackendWasm,
): tf.Tensor2D {
  const { batch, inChannels, rows, columns } = geometry;
  const taps = tapsOf(geometry);
  const width = (to - from) * columns.output * batch;
  const patches = allocate<tf.Rank.R2>([taps.length * inChannels, width], backend);
  const source = view(images, backend);
  const target = view(patches, backend);
  let targetStart = 0;
  for (const tap of taps) {
    for (let channel = 0; channel < inChannels; channel++) {
      const sourceStart = channel * rows.input * columns.input * batch;
      copyTapView(geometry, tap, { source, sourceStart, target, targetStart, unit: batch, from, to });
      targetStart += width;
    }
  }
  return patches;
}

function addAndDispose(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const sum = tf.add(a, b);
  tf.dispose([a, b]);
  return sum;
}
