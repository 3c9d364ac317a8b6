import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels, unregisterTrainingKernels } from './index.ts';
import { type Case, cases } from './testing/cases.ts';
import { finiteDifferences, maxPoolLoss } from './testing/reference.ts';
import { expectClose, expectSameAsOnCpu, randomValues, runKernel, runOn, type Values } from './testing/run-kernel.ts';

const name = 'MaxPoolGrad';

const anyCase = cases({ depthwise: true, lastSize: 1 });

/** Few different numbers, so that many windows have several largest, and negative ones. */
const withTies = (shape: readonly number[], seed: number): Values => {
  const { values } = randomValues(shape, seed);
  return { shape, values: Float32Array.from(values, (value) => Math.round(value * 2) - 1) };
};

/** Numbers at least 1 / size apart, so that a small step changes no largest one. */
const apart = (shape: readonly number[], seed: number): Values => {
  const { values } = randomValues(shape, seed);
  const order = [...Array(values.length).keys()].sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float32Array(values.length);
  order.forEach((place, rank) => {
    ranks[place] = rank / values.length - 0.5;
  });
  return { shape, values: ranks };
};

const setUp = ({ attributes, filterShape, outShape, seed }: Case) => ({
  dy: randomValues(outShape, seed + 1),
  output: randomValues(outShape, seed + 2),
  attributes: { ...attributes, filterSize: filterShape.slice(0, 2) },
});

describe.each([{ simd: true }, { simd: false }])('the gradient of max pooling, with $simd for simd,', (options) => {
  beforeAll(() => {
    registerTrainingKernels(options);
  });

  afterAll(() => {
    unregisterTrainingKernels();
  });

  it('goes to the first of the largest inputs, as on the cpu backend', async () => {
    const property = fc.asyncProperty(anyCase, async (given) => {
      const { dy, output, attributes } = setUp(given);
      await expectSameAsOnCpu(name, { dy, output, input: withTies(given.inputShape, given.seed) }, attributes);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('is that of finite differences', async () => {
    const property = fc.asyncProperty(anyCase, async (given) => {
      const { dy, output, attributes } = setUp(given);
      const input = apart(given.inputShape, given.seed);
      const wanted = finiteDifferences(input, (moved) => maxPoolLoss(given.info, moved, dy.values));
      expectClose(await runKernel('wasm', name, { dy, output, input }, attributes), wanted);
    });
    await fc.assert(property, { numRuns: 15 });
  });

  it("reaches windows of negative inputs, where the backend's own kernel loses it", async () => {
    const x = { shape: [1, 2, 2, 1], values: [-3, -2, -1, -4] };
    const loss = (input: tf.Tensor) => tf.sum(tf.maxPool(input as tf.Tensor4D, 2, 2, 'valid'));
    const gradient = async () => {
      const [result] = await runOn('wasm', { x }, (named) => [tf.grad(loss)(named['x']!)]);
      return Array.from(result!.values);
    };
    expect(await gradient()).toEqual([0, 0, 1, 0]);
    unregisterTrainingKernels();
    // When this fails, TensorFlow.js has mended its kernel, and ours may be dropped.
    expect(await gradient()).toEqual([1, 0, 0, 0]);
    registerTrainingKernels(options);
  });

  it('is lost where a window holds only NaN, and passes by a NaN beside numbers, as on the cpu backend', async () => {
    const input = {
      shape: [1, 2, 2, 5],
      values: Array.from({ length: 20 }, (_, k) => (k % 5 < 3 || k < 5 ? Number.NaN : k)),
    };
    const dy = randomValues([1, 1, 1, 5], 1);
    await expectSameAsOnCpu(name, { dy, output: dy, input }, { filterSize: 2, strides: 2, pad: 'valid' });
  });
});
