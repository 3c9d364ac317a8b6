import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerTrainingKernels, unregisterTrainingKernels } from '../index.ts';
import { eachWindowPixel } from '../testing/reference.ts';
import { expectSameAsOnCpu, randomValues, runKernel, type Values } from '../testing/run-kernel.ts';

const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 };

const fours = fc.integer({ min: 1, max: 5 }).map((number) => 4 * number);
const size = fc.integer({ min: 4, max: 11 });
const side = fc.integer({ min: 0, max: 3 });
const anyPad = fc.oneof(
  fc.constantFrom('same' as const, 'valid' as const),
  fc.tuple(side, side, side, side).map(([top, bottom, left, right]) => [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]),
);

beforeEach(() => {
  registerTrainingKernels();
});

afterEach(() => {
  unregisterTrainingKernels();
});

describe('a convolution by 3×3 at stride 1', () => {
  it('is that of the cpu backend for all sizes, paddings and numbers of channels, as are its gradients', async () => {
    const any = fc.record({
      batch: fc.integer({ min: 1, max: 9 }),
      height: size,
      width: size,
      from: fours,
      to: fours,
      pad: anyPad,
    });
    const property = fc.asyncProperty(any, async ({ batch, height, width, from, to, pad }) => {
      const x = randomValues([batch, height, width, from], 1);
      const filter = randomValues([3, 3, from, to], 2);
      const given = { ...attributes, pad };
      await expectSameAsOnCpu('Conv2D', { x, filter }, given);
      const dy = { ...(await runKernel('cpu', 'Conv2D', { x, filter }, given)) };
      await expectSameAsOnCpu('Conv2DBackpropFilter', { x, dy }, { ...given, filterShape: filter.shape });
      await expectSameAsOnCpu('Conv2DBackpropInput', { dy, filter }, { ...given, inputShape: x.shape });
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('has a bias for each channel, bit for bit that of a sum after it, or none', async () => {
    const [x, filter] = [randomValues([3, 7, 6, 12], 1), randomValues([3, 3, 12, 20], 2)];
    const bias = randomValues([20], 3);
    const linear = { ...attributes, activation: 'linear' };
    const alone = await runKernel('wasm', 'Conv2D', { x, filter }, attributes);
    expect(await runKernel('wasm', 'FusedConv2D', { x, filter }, linear)).toEqual(alone);
    const wanted = await runKernel('wasm', 'Add', { a: alone, b: bias }, {});
    expect(await runKernel('wasm', 'FusedConv2D', { x, filter, bias }, linear)).toEqual(wanted);
    await expectSameAsOnCpu('FusedConv2D', { x, filter, bias }, linear);
  });

  it("is left to the backend's own kernel where an activation is to be fused with it", async () => {
    const [x, filter] = [randomValues([3, 7, 6, 12], 1), randomValues([3, 3, 12, 20], 2)];
    const bias = randomValues([20], 3);
    await expectSameAsOnCpu('FusedConv2D', { x, filter, bias }, { ...attributes, activation: 'relu' });
  });

  it('is that of the cpu backend where multiplications and additions may be fused, as are its gradients', async () => {
    unregisterTrainingKernels();
    registerTrainingKernels({ relaxed: true });
    const [x, filter] = [randomValues([3, 7, 6, 12], 1), randomValues([3, 3, 12, 20], 2)];
    const dy = randomValues([3, 7, 6, 20], 3);
    await expectSameAsOnCpu('Conv2D', { x, filter }, attributes);
    await expectSameAsOnCpu('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape });
    await expectSameAsOnCpu('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape });
  });

  it("is left to the backend's own kernel where it is dilated, strided, wider or narrow", async () => {
    const x = randomValues([2, 8, 8, 4], 1);
    const filter = randomValues([3, 3, 4, 4], 2);
    await expectSameAsOnCpu('Conv2D', { x, filter }, { ...attributes, dilations: 2 });
    await expectSameAsOnCpu('Conv2D', { x, filter }, { ...attributes, strides: 2 });
    await expectSameAsOnCpu('Conv2D', { x, filter: randomValues([5, 5, 4, 4], 2) }, attributes);
    await expectSameAsOnCpu('Conv2D', { x, filter: randomValues([3, 3, 4, 3], 2) }, attributes);
    await expectSameAsOnCpu('Conv2D', { x: randomValues([2, 3, 8, 4], 1), filter }, attributes);
    await expectSameAsOnCpu('Conv2D', { x: randomValues([0, 8, 8, 4], 1), filter }, attributes);
  });

  it('keeps a NaN for what it is, which the backend’s own kernel does not', async () => {
    const x = randomValues([1, 6, 6, 4], 1);
    const values = Float32Array.from(x.values);
    values[0] = Number.NaN;
    const result = await runKernel(
      'wasm',
      'Conv2D',
      { x: { ...x, values }, filter: randomValues([3, 3, 4, 4], 2) },
      attributes,
    );
    expect(result.values[0]).toBeNaN();
    expect(result.values[result.values.length - 1]).not.toBeNaN();
  });

  it('sees weights that have changed since the last call', async () => {
    await tf.setBackend('wasm');
    const x = tf.ones([1, 4, 4, 4]) as tf.Tensor4D;
    const filter = tf.variable(tf.ones([3, 3, 4, 4])) as tf.Tensor4D & tf.Variable;
    const middle = () => tf.tidy(() => tf.conv2d(x, filter, 1, 'valid').dataSync()[0]);
    expect(middle()).toBe(36);
    filter.assign(tf.fill([3, 3, 4, 4], 2));
    expect(middle()).toBe(72);
  });

  it('rounds no worse than direct sums do', async () => {
    const x = randomValues([4, 14, 14, 64], 1);
    const filter = randomValues([3, 3, 64, 64], 2);
    const info = tf.backend_util.computeConv2DInfo([4, 14, 14, 64], [3, 3, 64, 64], 1, 1, 'same');
    const dy = randomValues(info.outShape, 3);
    const wanted = inDouble(info, x, filter, dy);
    const errors = async () => ({
      forward: errorOf(await runKernel('wasm', 'Conv2D', { x, filter }, attributes), wanted.y),
      byFilter: errorOf(
        await runKernel('wasm', 'Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape }),
        wanted.dw,
      ),
      byInput: errorOf(
        await runKernel('wasm', 'Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }),
        wanted.dx,
      ),
    });
    const ours = await errors();
    unregisterTrainingKernels();
    registerTrainingKernels({ simd: false });
    const direct = await errors();
    expect(ours.forward).toBeLessThan(direct.forward);
    expect(ours.byFilter).toBeLessThan(direct.byFilter);
    expect(ours.byInput).toBeLessThan(direct.byInput);
  });
});

/** The convolution and its gradients in float64, straight from the definition. */
function inDouble(info: tf.backend_util.Conv2DInfo, x: Values, filter: Values, dy: Values) {
  const { inChannels, outChannels } = info;
  const [y, dw, dx] = [dy, filter, x].map(({ values }) => new Float64Array(values.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  eachWindowPixel(info, (output, input, tap) => {
    for (let c = 0; c < inChannels; c++) {
      const [from, row] = [input * inChannels + c, (tap * inChannels + c) * outChannels];
      for (let o = 0; o < outChannels; o++) {
        const to = output * outChannels + o;
        y[to]! += x.values[from]! * filter.values[row + o]!;
        dw[row + o]! += x.values[from]! * dy.values[to]!;
        dx[from]! += dy.values[to]! * filter.values[row + o]!;
      }
    }
  });
  return { y, dw, dx };
}

/** The root of the mean squared error. */
function errorOf({ values }: Values, wanted: Float64Array): number {
  return Math.sqrt(wanted.reduce((sum, value, k) => sum + (value - values[k]!) ** 2, 0) / wanted.length);
}
