import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels } from './index.ts';
import { expectSameAsOnCpu, expectSameGradients, randomValues, runKernel } from './testing/run-kernel.ts';

const name = 'UnsortedSegmentSum';

beforeAll(() => {
  registerTrainingKernels();
});

describe('the sum of segments', () => {
  it('is that of the cpu backend, for ids that are negative, too large or never met', async () => {
    const sizes = fc.integer({ min: 0, max: 4 });
    const any = fc.record({
      ids: fc.array(fc.integer({ min: -3, max: 8 }), { maxLength: 12 }),
      rowShape: fc.array(sizes, { maxLength: 3 }),
      numSegments: fc.integer({ min: 1, max: 6 }),
      dtype: fc.constantFrom('float32' as const, 'int32' as const),
      seed: fc.integer({ min: 1, max: 1e6 }),
    });
    const property = fc.asyncProperty(any, async ({ ids, rowShape, numSegments, dtype, seed }) => {
      const { shape, values } = randomValues([ids.length, ...rowShape], seed);
      const scaled = Array.from(values, (value) => (dtype === 'int32' ? Math.round(value * 100) : value));
      const x = { shape, dtype, values: scaled };
      const segmentIds = { shape: [ids.length], values: ids, dtype: 'int32' as const };
      await expectSameAsOnCpu(name, { x, segmentIds }, { numSegments });
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('keeps the NaN of one segment out of the others', async () => {
    const x = { shape: [2], values: [Number.NaN, 5] };
    const segmentIds = { shape: [2], values: [0, 1], dtype: 'int32' as const };
    expect(Array.from((await runKernel('wasm', name, { x, segmentIds }, { numSegments: 2 })).values)).toEqual([NaN, 5]);
  });

  it('refuses ids that are not one for each row, and says what to do', async () => {
    const x = randomValues([3, 2], 1);
    const run = (shape: number[]) =>
      runKernel(
        'wasm',
        name,
        { x, segmentIds: { shape, values: new Array(tf.util.sizeFromShape(shape)).fill(0), dtype: 'int32' } },
        { numSegments: 2 },
      );
    await expect(run([2])).rejects.toThrow(
      `${name} on the wasm backend does not support segmentIds of shape [2]: pass one id for each row of x, whose shape is [3,2].`,
    );
    await expect(run([3, 2])).rejects.toThrow('does not support segmentIds of shape [3,2]');
  });

  it('takes inputs that lie on another backend, as large as to make the memory grow', async () => {
    const size = 5_000_000;
    await tf.setBackend('cpu');
    const x = tf.ones([size]);
    const segmentIds = tf.zeros([size], 'int32') as tf.Tensor1D;
    await tf.setBackend('wasm');
    const sums = tf.unsortedSegmentSum(x, segmentIds, 2);
    expect(Array.from(sums.dataSync())).toEqual([size, 0]);
    tf.dispose([x, segmentIds, sums]);
  });

  it('is the gradient of gather, along any axis and for indices of any rank', async () => {
    const indices = [
      [2, 0],
      [2, 2],
    ];
    await expectSameGradients({ a: randomValues([3, 4, 2], 1), b: randomValues([4, 3], 2) }, (a, b) =>
      tf.add(
        tf.sum(tf.square(tf.gather(a, tf.tensor2d(indices, [2, 2], 'int32')))),
        tf.sum(tf.square(tf.gather(b, tf.tensor1d([1, 1, 0], 'int32'), 1))),
      ),
    );
  });
});
