import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels } from './index.ts';
import { cases, setUp } from './testing/cases.ts';
import { depthwiseLoss, finiteDifferences } from './testing/reference.ts';
import { expectClose, expectSameAsOnCpu, expectSameGradients, randomValues, runKernel } from './testing/run-kernel.ts';

const byFilter = 'DepthwiseConv2dNativeBackpropFilter';
const byInput = 'DepthwiseConv2dNativeBackpropInput';

const anyCase = cases({ depthwise: true, lastSize: 3 });

beforeAll(() => {
  registerTrainingKernels();
});

describe('the gradient of a depthwise convolution by its filter', () => {
  it('is that of the cpu backend for all strides, paddings, roundings and multipliers', async () => {
    const property = fc.asyncProperty(anyCase, async (given) => {
      const { x, dy, attributes } = setUp(given);
      await expectSameAsOnCpu(byFilter, { x, dy }, attributes);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('is that of finite differences', async () => {
    const property = fc.asyncProperty(anyCase, async (given) => {
      const { x, filter, dy, attributes } = setUp(given);
      const wanted = finiteDifferences(filter, (moved) => depthwiseLoss(given.info, x.values, moved, dy.values));
      expectClose(await runKernel('wasm', byFilter, { x, dy }, attributes), wanted);
    });
    await fc.assert(property, { numRuns: 15 });
  });
});

describe('the gradient of a depthwise convolution by its input', () => {
  it('is that of the cpu backend for all strides, paddings, roundings and multipliers', async () => {
    const property = fc.asyncProperty(anyCase, async (given) => {
      const { filter, dy, attributes } = setUp(given);
      await expectSameAsOnCpu(byInput, { dy, filter }, attributes);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('is that of finite differences', async () => {
    const property = fc.asyncProperty(anyCase, async (given) => {
      const { x, filter, dy, attributes } = setUp(given);
      const wanted = finiteDifferences(x, (moved) => depthwiseLoss(given.info, moved, filter.values, dy.values));
      expectClose(await runKernel('wasm', byInput, { dy, filter }, attributes), wanted);
    });
    await fc.assert(property, { numRuns: 15 });
  });
});

describe('the gradients of a depthwise convolution', () => {
  it('are what tf.grads gives', async () => {
    const inputs = { a: randomValues([6, 5, 6, 2], 1), b: randomValues([3, 2, 2, 3], 2) };
    await expectSameGradients(inputs, (x, filter) =>
      tf.sum(tf.square(tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'))),
    );
  });

  it('are zeros of the right shape for no image', async () => {
    const [x, filter] = [randomValues([0, 4, 4, 2], 1), randomValues([3, 3, 2, 2], 2)];
    const dy = randomValues([0, 4, 4, 4], 3);
    const attributes = { strides: 1, pad: 'same', dilations: 1, inputShape: x.shape, filterShape: filter.shape };
    expectClose(await runKernel('wasm', byFilter, { x, dy }, attributes), { ...filter, values: new Float32Array(36) });
    expectClose(await runKernel('wasm', byInput, { dy, filter }, attributes), x);
  });

  it.each([byFilter, byInput])('%s refuses dilations and says what to do', async (kernelName) => {
    const [x, filter, dy] = [
      [1, 6, 6, 1],
      [3, 3, 1, 1],
      [1, 6, 6, 1],
    ].map((shape) => randomValues(shape, 1));
    const attributes = { strides: 1, pad: 'same', inputShape: x!.shape, filterShape: filter!.shape };
    const run = (dilations: unknown) =>
      runKernel('wasm', kernelName, { x: x!, filter: filter!, dy: dy! }, { ...attributes, dilations });
    await expect(run([2, 1])).rejects.toThrow(
      `${kernelName} on the wasm backend does not support dilations [2,1]: use dilations of 1`,
    );
    await expect(run([1, 1])).resolves.toBeDefined();
  });
});
