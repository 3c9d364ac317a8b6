import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels } from './index.ts';
import { expectSameAsOnCpu, randomValues, runKernel } from './testing/run-kernel.ts';

beforeAll(() => {
  registerTrainingKernels();
});

describe('the sum over axes', () => {
  it('is that of the cpu backend, over leading axes and over any others', async () => {
    const any = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        axis: fc.oneof(
          fc.shuffledSubarray([...shape.keys()]),
          fc.integer({ min: -shape.length, max: shape.length - 1 }),
        ),
        keepDims: fc.boolean(),
        dtype: fc.constantFrom('float32' as const, 'int32' as const),
        seed: fc.integer({ min: 1, max: 1e6 }),
      }),
    );
    const property = fc.asyncProperty(any, async ({ shape, axis, keepDims, dtype, seed }) => {
      const { values } = randomValues(shape, seed);
      const x = {
        shape,
        dtype,
        values: Array.from(values, (value) => (dtype === 'int32' ? (value * 100) | 0 : value)),
      };
      await expectSameAsOnCpu('Sum', { x }, { axis, keepDims });
    });
    await fc.assert(property, { numRuns: 80 });
  });

  it('is zero over no numbers', async () => {
    await expectSameAsOnCpu('Sum', { x: randomValues([0, 3], 1) }, { axis: 0, keepDims: false });
    await expectSameAsOnCpu('Sum', { x: randomValues([3, 0], 1) }, { axis: 0, keepDims: true });
  });

  it('is exact over many numbers, where adding up in float32 is not', async () => {
    const x = { shape: [300_000], values: new Float32Array(300_000).fill(0.1) };
    const { values } = await runKernel('wasm', 'Sum', { x }, { axis: [0], keepDims: false });
    expect(values[0]).toBe(Math.fround(300_000 * Math.fround(0.1)));
  });

  it('is NaN where there is a NaN', async () => {
    const x = { shape: [3, 2], values: [1, 2, Number.NaN, 4, 5, 6] };
    const { values } = await runKernel('wasm', 'Sum', { x }, { axis: 0, keepDims: false });
    expect(Array.from(values)).toEqual([Number.NaN, 12]);
  });
});
