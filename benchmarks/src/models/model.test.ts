import { roleOf } from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../backends.ts';
import { weightsDigest } from '../weights-digest.ts';
import { crossEntropy, models, trainedWeights } from './model.ts';

beforeAll(() => useBackend('cpu'));

const grey = { shape: [28, 28, 1], classes: 10 } as const;
const build = (name: string, seed: number) => models.get(name)!.build({ ...grey, seed });

test.each([
  ['conv4-16', 16],
  ['conv4-32', 32],
])('%s has as many parameters as its formula says', (name, w) => {
  const convolutions = 10 * w + (9 * w + 1) * w + (9 * w + 1) * 2 * w + (18 * w + 1) * 2 * w;
  const dense = (7 * 7 * 2 * w + 1) * 10;
  const model = build(name, 1);
  expect(model.countParams()).toBe(convolutions + dense);
  expect(trainedWeights(model).map((weight) => weight.shape)).toEqual([
    [3, 3, 1, w],
    [w],
    [3, 3, w, w],
    [w],
    [3, 3, w, 2 * w],
    [2 * w],
    [3, 3, 2 * w, 2 * w],
    [2 * w],
    [7 * 7 * 2 * w, 10],
    [10],
  ]);
  model.dispose();
});

test('normalised, a convolution has γ, β, a running mean and variance in place of a bias', () => {
  const [plain, normalised] = [build('conv4-16', 1), build('conv4-16-bn', 1)];
  expect(normalised.countParams()).toBe(plain.countParams() + 18 * 16);
  const names = (model: typeof plain) => trainedWeights(model).map(({ name }) => name);
  expect(names(normalised).filter((name) => roleOf(name) === 'gamma')).toHaveLength(4);
  expect(names(normalised).filter((name) => roleOf(name) === 'bias')).toHaveLength(1);
  plain.dispose();
  normalised.dispose();
});

test.each([...models.keys()])('it is known of %s whether it has normalisation layers', (name) => {
  const model = build(name, 1);
  const normalises = trainedWeights(model).some((weight) => ['gamma', 'beta'].includes(roleOf(weight.name)));
  expect(models.get(name)!.normalised ?? false).toBe(normalises);
  model.dispose();
});

test('linear has one weight a pixel and class, and a bias a class', () => {
  const model = build('linear', 1);
  expect(model.countParams()).toBe((28 * 28 + 1) * 10);
  model.dispose();
});

test.each([...models.keys()])(
  '%s starts from the same weights for a seed, 0 too, and from others for another',
  (name) => {
    const digest = (seed: number) => {
      const model = build(name, seed);
      const digest = weightsDigest(model.getWeights());
      model.dispose();
      return digest;
    };
    expect(digest(0)).toBe(digest(0));
    expect(digest(1)).toBe(digest(1));
    expect(digest(0)).not.toBe(digest(1));
  },
);

test('the weights of a layer spread as He et al. say, and no two layers start alike', () => {
  const model = build('conv4-32', 5);
  const kernels = trainedWeights(model).filter((weight) => weight.rank > 1);
  for (const kernel of kernels) {
    const fanIn = kernel.size / kernel.shape.at(-1)!;
    const values = [...kernel.dataSync()];
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    // truncated at two deviations, which leaves 0.88 of the deviation that He et al. ask for
    expect(deviation / (0.88 * Math.sqrt(2 / fanIn))).toBeGreaterThan(0.85);
    expect(deviation / (0.88 * Math.sqrt(2 / fanIn))).toBeLessThan(1.15);
  }
  expect(new Set(kernels.map((kernel) => kernel.dataSync()[0])).size).toBe(kernels.length);
  model.dispose();
});

test('cross-entropy and its gradient stay right for logits far apart, where a softmax has rounded to 0', () => {
  const ys = tf.tensor2d([[1, 0]]);
  const { value, grad } = tf.valueAndGrad((logits: tf.Tensor) => crossEntropy(ys, logits))(tf.tensor2d([[-200, 0]]));
  expect(value.dataSync()[0]).toBeCloseTo(200, 3);
  expect([...grad.dataSync()]).toEqual([-1, 1]);
});

test.each([...models])(
  '%s draws nothing at random while it trains: a checkpoint would have to keep it',
  (_, { build }) => {
    const { layers } = build({ shape: [8, 8, 1], classes: 10, seed: 1 });
    expect(layers.map((layer) => layer.getClassName()).filter((name) => /Dropout|Noise/.test(name))).toEqual([]);
  },
);
