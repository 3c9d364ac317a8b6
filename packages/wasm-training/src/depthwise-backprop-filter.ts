import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { depthwiseGeometry, type Geometry, isEmpty, type Tap, tapsOf } from './geometry.ts';
import { type KernelCall, missingKernel, type TrainingKernel } from './kernel.ts';
import { allocate, copyOf, floatTensor, view } from './memory.ts';
import { copyTapView } from './tap-view.ts';

const name = 'DepthwiseConv2dNativeBackpropFilter';

/** XNNPACK's depthwise convolution is fast with 4 taps (and with 3, 9 and 25), many times slower with 5 to 8. */
const imagesAtOnce = 4;

/**
 * The gradient of a depthwise convolution by its filter:
 *
 *     dW[i, j, c, m] = Σ_{n, y, z} x[n, y·s + i − top, z·s + j − left, c] · dy[n, y, z, c, m]
 *
 * For one (i, j) the sum over the images is itself a depthwise convolution: the images are the taps of its filter,
 * dy, and every (y, z, c) is a channel.
 */
export const depthwiseConv2dBackpropFilter: TrainingKernel = missingKernel(
  name,
  ({ inputs, attrs, backend }: KernelCall<'x' | 'dy', tf.DepthwiseConv2dNativeBackpropFilterAttrs>) => {
    const { filterShape } = attrs;
    const geometry = depthwiseGeometry(name, inputs.x.shape, filterShape, attrs, inputs.dy);
    if (isEmpty(geometry)) return tf.zeros(filterShape);
    return tf.tidy(() => {
      const x = floatTensor(inputs.x, backend);
      const dy = floatTensor(inputs.dy, backend);
      return tf.reshape(filterGradient(geometry, x, dy, backend), filterShape);
    });
  },
);

/** Some images, and their part of dy as one filter for each multiplier. */
interface Group {
  readonly first: number;
  readonly images: number;
  readonly filters: readonly tf.Tensor4D[];
}

function filterGradient(geometry: Geometry, x: tf.Tensor, dy: tf.Tensor, backend: BackendWasm): tf.Tensor {
  const { inChannels, outChannels, rows, columns } = geometry;
  const multipliers = Array.from({ length: outChannels / inChannels }, (_, m) => m);
  const groups = groupsOf(geometry, dy, multipliers, backend);
  const byTap = tapsOf(geometry).map((tap) =>
    tf.tidy(() => {
      const products = groups.map((group) => {
        const seen = imagesSeenBy(tap, geometry, x, group, backend);
        return group.filters.map((filter) => tf.depthwiseConv2d(seen, filter, 1, 'valid'));
      });
      return tf.stack(multipliers.map((m) => tf.addN(products.map((product) => product[m]!))));
    }),
  );
  const shape = [byTap.length, multipliers.length, rows.output * columns.output, inChannels];
  return tf.transpose(tf.sum(tf.reshape(tf.stack(byTap), shape), 2), [0, 2, 1]);
}

function groupsOf(geometry: Geometry, dy: tf.Tensor, multipliers: number[], backend: BackendWasm): Group[] {
  const { batch, inChannels, rows, columns } = geometry;
  const size = rows.output * columns.output * inChannels;
  const byMultiplier = tf.transpose(tf.reshape(dy, [batch * rows.output * columns.output, inChannels, -1]), [2, 0, 1]);
  const groups: Group[] = [];
  for (let first = 0; first < batch; first += imagesAtOnce) {
    const images = Math.min(imagesAtOnce, batch - first);
    const filters = multipliers.map((m) =>
      copyOf<tf.Rank.R4>(byMultiplier, (m * batch + first) * size, [images, 1, size, 1], backend),
    );
    groups.push({ first, images, filters });
  }
  return groups;
}

/** What one tap sees in the images of a group, as an image that has a row for each of them and a single column. */
function imagesSeenBy(tap: Tap, geometry: Geometry, x: tf.Tensor, group: Group, backend: BackendWasm): tf.Tensor4D {
  const { inChannels, rows, columns } = geometry;
  const size = rows.output * columns.output * inChannels;
  const seen = allocate<tf.Rank.R4>([1, group.images, 1, size], backend);
  const source = view(x, backend);
  const target = view(seen, backend);
  for (let n = 0; n < group.images; n++) {
    const sourceStart = (group.first + n) * rows.input * columns.input * inChannels;
    const part = { source, sourceStart, target, targetStart: n * size, unit: inChannels, from: 0, to: rows.output };
    copyTapView(geometry, tap, part);
  }
  return seen;
}
