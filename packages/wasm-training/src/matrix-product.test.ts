import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { registerTrainingKernels, unregisterTrainingKernels } from './index.ts';
import { expectSameAsOnCpu, expectSameGradients, randomValues } from './testing/run-kernel.ts';

beforeAll(() => {
  registerTrainingKernels();
});

afterAll(() => {
  unregisterTrainingKernels();
});

const transposed = (shape: number[], transpose: boolean) =>
  transpose ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;

describe('a product of matrices', () => {
  it('is that of the cpu backend, however they are transposed, also of many and with axes of 1 before', async () => {
    const size = fc.integer({ min: 1, max: 9 });
    const before = fc.constantFrom<[number[], number[]]>([[], []], [[1], [1]], [[], [1, 1]], [[3], [3]], [[3], [1]]);
    const property = fc.asyncProperty(
      fc.tuple(size, size, size),
      before,
      fc.boolean(),
      fc.boolean(),
      async ([height, inner, width], [ofA, ofB], transposeA, transposeB) => {
        const a = randomValues(transposed([...ofA, height, inner], transposeA), 1);
        const b = randomValues(transposed([...ofB, inner, width], transposeB), 2);
        await expectSameAsOnCpu('BatchMatMul', { a, b }, { transposeA, transposeB });
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('is empty, or zeros, where there is nothing to multiply', async () => {
    const attributes = { transposeA: true, transposeB: false };
    await expectSameAsOnCpu('BatchMatMul', { a: randomValues([3, 0], 1), b: randomValues([3, 2], 2) }, attributes);
  });

  it('has the gradients of the cpu backend', async () => {
    const inputs = { a: randomValues([5, 4], 1), b: randomValues([6, 4], 2) };
    await expectSameGradients(inputs, (a, b) => tf.sum(tf.square(tf.matMul(a, b, false, true))));
  });
});
