import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from './backends.ts';
import { all, first } from './data/images.ts';
import { evaluate } from './evaluate.ts';
import { models } from './models/model.ts';
import { someStripes, tinyImages } from './testing/stripes.ts';

beforeAll(() => useBackend('cpu'));
const running = new AbortController().signal;

test('loss and accuracy are those calculated by hand', async () => {
  const model = models.get('linear')!.build({ shape: [1, 2, 1], classes: 2, seed: 1 });
  const weights = [tf.tensor2d([1, -1, 0.5, 2], [2, 2]), tf.tensor1d([0.25, 0])];
  model.setWeights(weights);
  const logits = [
    [0, 1],
    [0.2, 0.4],
    [0.8, 0.6],
  ].map(([x, y]) => [x! + 0.5 * y! + 0.25, -x! + 2 * y!]);
  const losses = logits.map(([a, b], image) => {
    const right = tinyImages.labels[image] === 0 ? a! : b!;
    return Math.log(Math.exp(a!) + Math.exp(b!)) - right;
  });
  const hits = logits.filter(([a, b], image) => (a! >= b! ? 0 : 1) === tinyImages.labels[image]);
  const measured = await evaluate(model, all(tinyImages), running);
  expect(measured.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 3, 6);
  expect(measured.accuracy).toBeCloseTo(hits.length / 3, 12);
  tf.dispose(weights);
  model.dispose();
});

test('images beyond a batch count as much as the others, and no tensor is left', async () => {
  const { held } = await someStripes(10);
  const model = models.get('linear')!.build({ shape: [8, 8, 1], classes: 10, seed: 1 });
  const before = tf.memory().numTensors;
  const whole = await evaluate(model, held, running);
  const parts = [first(100, held), { of: held.of, indices: held.indices.subarray(100) }];
  const [one, other] = [await evaluate(model, parts[0]!, running), await evaluate(model, parts[1]!, running)];
  expect(whole.loss).toBeCloseTo((100 * one.loss + 200 * other.loss) / 300, 6);
  expect(whole.accuracy).toBeCloseTo((100 * one.accuracy + 200 * other.accuracy) / 300, 12);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

test('a stop ends it with the reason of the stop', async () => {
  const { held } = await someStripes(10);
  const model = models.get('linear')!.build({ shape: [8, 8, 1], classes: 10, seed: 1 });
  await expect(evaluate(model, held, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  model.dispose();
});
