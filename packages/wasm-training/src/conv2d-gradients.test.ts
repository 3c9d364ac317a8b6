import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels, unregisterTrainingKernels } from './index.ts';
import { cases, setUp } from './testing/cases.ts';
import { convolutionLoss, finiteDifferences } from './testing/reference.ts';
import {
  expectClose,
  expectSameAsOnCpu,
  expectSameGradients,
  randomValues,
  runKernel,
  type Values,
} from './testing/run-kernel.ts';

const byFilter = 'Conv2DBackpropFilter';
const byInput = 'Conv2DBackpropInput';

const anyCase = cases({ depthwise: false, lastSize: 8 });

describe.each([{ simd: true }, { simd: false }])('with $simd for simd,', (options) => {
  beforeAll(() => {
    registerTrainingKernels(options);
  });

  afterAll(() => {
    unregisterTrainingKernels();
  });

  describe('the gradient of a convolution by its filter', () => {
    it('is that of the cpu backend for all strides, paddings and roundings', async () => {
      const property = fc.asyncProperty(anyCase, async (given) => {
        const { x, dy, attributes } = setUp(given);
        await expectSameAsOnCpu(byFilter, { x, dy }, attributes);
      });
      await fc.assert(property, { numRuns: 80 });
    });

    it('is that of finite differences', async () => {
      const property = fc.asyncProperty(anyCase, async (given) => {
        const { x, filter, dy, attributes } = setUp(given);
        const wanted = finiteDifferences(filter, (moved) => convolutionLoss(given.info, x.values, moved, dy.values));
        expectClose(await runKernel('wasm', byFilter, { x, dy }, attributes), wanted);
      });
      await fc.assert(property, { numRuns: 15 });
    });

    it('is that of the cpu backend for all numbers of channels that are worked on in blocks', async () => {
      const channels = fc.record({ from: fc.integer({ min: 1, max: 13 }), to: fc.integer({ min: 1, max: 10 }) });
      const property = fc.asyncProperty(channels, fc.constantFrom(1, 2), async ({ from, to }, strides) => {
        const inputs = {
          x: randomValues([2, 6, 6, from], 1),
          dy: randomValues([2, 6 / strides, 6 / strides, 4 * to], 2),
        };
        const attributes = { strides, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, from, 4 * to] };
        await expectSameAsOnCpu(byFilter, inputs, attributes);
      });
      await fc.assert(property, { numRuns: 30 });
    });

    it('is whole where the batch has too many patches for one matrix', async () => {
      const inputs = { x: randomValues([8, 40, 40, 16], 1), dy: randomValues([8, 20, 20, 4], 2) };
      const attributes = { strides: [2, 2], pad: 'same', dataFormat: 'NHWC', filterShape: [5, 5, 16, 4] };
      await expectSameAsOnCpu(byFilter, inputs, attributes);
    });

    it('follows the size of dy, for the gradient of conv2d forgets the rounding of sizes', async () => {
      const pad = [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ];
      const inputs = { x: randomValues([1, 4, 4, 1], 1), dy: randomValues([1, 2, 2, 1], 2) };
      const attributes = { strides: 2, pad, dataFormat: 'NHWC', filterShape: [3, 3, 1, 1] };
      const wanted = await runKernel('cpu', byFilter, inputs, { ...attributes, dimRoundingMode: 'ceil' });
      expectClose(await runKernel('wasm', byFilter, inputs, attributes), wanted);
    });

    it('takes whole numbers for what they are', async () => {
      const inputs = {
        x: { shape: [1, 2, 2, 1], values: [1, -2, 3, 4], dtype: 'int32' as const },
        dy: randomValues([1, 2, 2, 1], 1),
      };
      const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [2, 2, 1, 1] };
      await expectSameAsOnCpu(byFilter, inputs, attributes);
    });

    it('refuses the layout NCHW and a dy of another batch, and says what to do', async () => {
      const dy = randomValues([2, 4, 4, 1], 1);
      const run = (x: Values, dataFormat: string) =>
        runKernel('wasm', byFilter, { x, dy }, { strides: 1, pad: 'same', dataFormat, filterShape: [3, 3, 1, 1] });
      await expect(run(dy, 'NCHW')).rejects.toThrow(
        `${byFilter} on the wasm backend does not support dataFormat "NCHW": use 'NHWC' (in layers: 'channelsLast').`,
      );
      await expect(run(randomValues([1, 4, 4, 1], 1), 'NHWC')).rejects.toThrow(
        'does not support dy of shape [2,4,4,1]: pass the gradient of the output, of shape [1, height, width, 1].',
      );
    });
  });

  describe('the gradient of a convolution by its input', () => {
    it('is that of the cpu backend for all strides, paddings and roundings', async () => {
      const property = fc.asyncProperty(anyCase, async (given) => {
        const { filter, dy, attributes } = setUp(given);
        await expectSameAsOnCpu(byInput, { dy, filter }, attributes);
      });
      await fc.assert(property, { numRuns: 80 });
    });

    it('is that of finite differences', async () => {
      const property = fc.asyncProperty(anyCase, async (given) => {
        const { x, filter, dy, attributes } = setUp(given);
        const wanted = finiteDifferences(x, (moved) => convolutionLoss(given.info, moved, filter.values, dy.values));
        expectClose(await runKernel('wasm', byInput, { dy, filter }, attributes), wanted);
      });
      await fc.assert(property, { numRuns: 15 });
    });

    it('is zero where every window lies in the padding', async () => {
      const pad = [
        [0, 0],
        [3, 0],
        [3, 0],
        [0, 0],
      ];
      const inputs = { dy: randomValues([1, 1, 1, 1], 1), filter: randomValues([3, 3, 1, 1], 2) };
      const attributes = { strides: 3, pad, dataFormat: 'NHWC', inputShape: [1, 1, 1, 1] };
      expect(Array.from((await runKernel('wasm', byInput, inputs, attributes)).values)).toEqual([0]);
    });

    it("is left to the backend's own kernel in the layout NCHW", async () => {
      const inputs = { dy: randomValues([1, 3, 4, 4], 1), filter: randomValues([3, 3, 2, 3], 2) };
      await expectSameAsOnCpu(byInput, inputs, {
        strides: 1,
        pad: 'same',
        dataFormat: 'NCHW',
        inputShape: [1, 2, 4, 4],
      });
    });
  });

  describe('the gradients of a convolution', () => {
    it.each([
      { what: 'no image', inputShape: [0, 4, 4, 2], outShape: [0, 4, 4, 3], filterShape: [3, 3, 2, 3] },
      { what: 'no channel', inputShape: [2, 4, 4, 0], outShape: [2, 4, 4, 3], filterShape: [3, 3, 0, 3] },
    ])('are zeros of the right shape for $what', async ({ inputShape, outShape, filterShape }) => {
      const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', inputShape, filterShape };
      const [x, filter, dy] = [randomValues(inputShape, 1), randomValues(filterShape, 2), randomValues(outShape, 3)];
      const zerosLike = ({ shape, values }: typeof x) => ({ shape, values: new Float32Array(values.length) });
      expectClose(await runKernel('wasm', byFilter, { x, dy }, attributes), zerosLike(filter));
      expectClose(await runKernel('wasm', byInput, { dy, filter }, attributes), zerosLike(x));
    });

    it('are what tf.grads gives, also for an image without a batch axis', async () => {
      const inputs = { a: randomValues([5, 6, 2], 1), b: randomValues([3, 2, 2, 4], 2) };
      await expectSameGradients(inputs, (x, filter) =>
        tf.sum(tf.square(tf.conv2d(x as tf.Tensor3D, filter as tf.Tensor4D, [2, 1], 'same'))),
      );
    });

    it('serve conv2dTranspose, which is made of the same kernels', async () => {
      const inputs = { a: randomValues([2, 3, 4, 3], 1), b: randomValues([3, 3, 2, 3], 2) };
      await expectSameGradients(inputs, (x, filter) => {
        const output = tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 6, 8, 2], 2, 'same');
        return tf.sum(tf.square(output));
      });
    });
  });
});
