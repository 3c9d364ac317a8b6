import * as tf from '@tensorflow/tfjs-core';
import { convolutionGeometry, type Geometry, isEmpty, reach, tapsOf } from '../geometry.ts';
import type { KernelCall } from '../kernel.ts';
import { allocate, floatTensor, view } from '../memory.ts';
import { addressOf, type SimdKernel, simdKernel } from './simd-kernel.ts';
import type { Exports } from './web-assembly.ts';
import { differentiateByFilter, isForWinograd } from './winograd.ts';

const name = 'Conv2DBackpropFilter';

/** The numbers of x and dy that are worked on at once, so that they stay in the processor's nearest cache: 24 KiB. */
const nearNumbers = 6 * 2 ** 10;

/**
 * The gradient of a convolution by its filter, straight from its definition:
 *
 *     dW[i, j, c, o] = Σ_{n, y, z} x[n, y·s + i − top, z·s + j − left, c] · dy[n, y, z, o]
 *
 * A few rows of one image are summed for all taps before the next ones, each block of dW[i, j] in registers. Those
 * partial sums also keep the rounding errors small.
 */
export const filterGradient: SimdKernel = simdKernel(
  name,
  ['outer-products', 'winograd'],
  ({ inputs, attrs }: KernelCall<'x' | 'dy', tf.Conv2DBackpropFilterAttrs>) =>
    attrs.dataFormat === 'NHWC' && inputs.dy.shape.at(-1)! % 4 === 0,
  ({ inputs, attrs, backend }, functions) => {
    const { filterShape } = attrs;
    const geometry = convolutionGeometry(name, inputs.x.shape, filterShape, attrs, inputs.dy);
    if (isEmpty(geometry)) return tf.zeros(filterShape);
    return tf.tidy(() => {
      const x = floatTensor(inputs.x, backend);
      const dy = floatTensor(inputs.dy, backend);
      const dw = allocate<tf.Rank.R4>(filterShape, backend);
      if (isForWinograd(geometry)) {
        differentiateByFilter(geometry, x, dy, dw, backend, functions);
        return dw;
      }
      view(dw, backend).fill(0);
      sumProducts(geometry, addressOf(x, backend), addressOf(dy, backend), addressOf(dw, backend), functions);
      return dw;
    });
  },
);

function sumProducts(geometry: Geometry, x: number, dy: number, dw: number, functions: Exports): void {
  const { batch, inChannels, outChannels, rows, columns } = geometry;
  const [xPixel, dyPixel] = [4 * inChannels, 4 * outChannels];
  const [xRow, dyRow] = [columns.input * xPixel, columns.output * dyPixel];
  const rowsAtOnce = Math.max(1, Math.floor((4 * nearNumbers) / (rows.stride * xRow + dyRow)));
  const taps = tapsOf(geometry).map(([i, j], tap) => ({ i, j, y: reach(rows, i), z: reach(columns, j), tap }));
  for (let n = 0; n < batch; n++) {
    for (let row = 0; row < rows.output; row += rowsAtOnce) {
      for (const { i, j, y, z, tap } of taps) {
        const from = Math.max(row, y.start);
        const count = Math.min(row + rowsAtOnce, y.end) - from;
        if (count <= 0 || z.end === z.start) continue;
        const inputRow = n * rows.input + from * rows.stride + i - rows.padding;
        const inputColumn = z.start * columns.stride + j - columns.padding;
        functions['outerProducts']!(
          x + inputRow * xRow + inputColumn * xPixel,
          dy + (n * rows.output + from) * dyRow + z.start * dyPixel,
          dw + tap * inChannels * dyPixel,
          inChannels,
          outChannels,
          count,
          z.end - z.start,
          rows.stride * xRow,
          columns.stride * xPixel,
          dyRow,
        );
      }
    }
  }
}
