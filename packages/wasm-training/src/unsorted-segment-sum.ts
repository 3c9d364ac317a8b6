import type * as tf from '@tensorflow/tfjs-core';
import { type KernelCall, missingKernel, type TrainingKernel, unsupported } from './kernel.ts';
import { view } from './memory.ts';

const name = 'UnsortedSegmentSum';

/**
 * The sum of the rows of each segment, which is the gradient of `tf.gather` and of an embedding:
 *
 *     y[s, ...] = Σ_{n: segmentIds[n] = s} x[n, ...]   for 0 <= s < numSegments
 *
 * Rows whose id is negative or too large are left out. The result is float32, as on the cpu backend.
 */
export const unsortedSegmentSum: TrainingKernel = missingKernel(
  name,
  ({ inputs, attrs, backend }: KernelCall<'x' | 'segmentIds', tf.UnsortedSegmentSumAttrs>) => {
    const { x, segmentIds } = inputs;
    const { numSegments } = attrs;
    const [rows, ...rowShape] = x.shape;
    if (segmentIds.shape.length !== 1 || segmentIds.shape[0] !== rows) {
      const remedy = `pass one id for each row of x, whose shape is [${x.shape}]`;
      throw unsupported(name, 'segmentIds of shape', segmentIds.shape, remedy);
    }
    // Data of another backend moves here at first sight, and may make the memory grow: before any view is taken.
    for (const { dataId } of [x, segmentIds]) backend.getMemoryOffset(dataId);
    const sums = backend.makeOutput([numSegments, ...rowShape], 'float32');
    const [values, ids] = [x, segmentIds].map((info) => backend.typedArrayFromHeap(info));
    addRows(values!, ids!, view(sums, backend).fill(0), numSegments);
    return sums;
  },
);

function addRows(values: tf.TypedArray, ids: tf.TypedArray, sums: Float32Array, numSegments: number): void {
  const size = values.length / ids.length;
  for (let n = 0; n < ids.length; n++) {
    const id = ids[n]!;
    if (id < 0 || id >= numSegments) continue;
    for (let k = 0; k < size; k++) sums[id * size + k] = sums[id * size + k]! + values[n * size + k]!;
  }
}
