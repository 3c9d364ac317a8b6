import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../backends.ts';
import { toBatch } from '../data/images.ts';
import { evaluate } from '../evaluate.ts';
import { crossEntropy, logitsOf, models } from '../models/model.ts';
import { someStripes } from '../testing/stripes.ts';
import { weightsDigest } from '../weights-digest.ts';
import { landscapeOf } from './run-landscape.ts';

beforeAll(() => useBackend('cpu'));
const running = new AbortController().signal;

async function opened(images: number, signal = running) {
  const { train } = await someStripes(images);
  const model = models.get('linear')!.build({ shape: [8, 8, 1], classes: 10, seed: 1 });
  return { train, model, landscape: landscapeOf(model, train, signal) };
}

test('loss and gradient are the means over all images, however many batches they make', async () => {
  const { train, model, landscape } = await opened(520); // 250, 250 and 20
  const { loss, gradient } = await landscape.evaluate(landscape.weights);
  const { xs, ys } = toBatch(train.of, train.indices);
  const { value, grads } = tf.variableGrads(() => crossEntropy(ys, logitsOf(model, xs)));
  expect(loss).toBeCloseTo(value.dataSync()[0]!, 5);
  for (const name of Object.keys(landscape.weights)) {
    const expected = [...grads[name]!.dataSync()];
    for (const [i, found] of gradient[name]!.dataSync().entries()) expect(found).toBeCloseTo(expected[i]!, 6);
  }
  expect(await landscape.loss(landscape.weights)).toBeCloseTo(loss as number, 6);
  const { accuracy } = await evaluate(model, train, running);
  expect(await landscape.errors(landscape.weights)).toBeCloseTo(1 - accuracy, 6);
});

test('elsewhere than at the weights the loss is that of the weights there, and the network has its own back', async () => {
  const { model, landscape } = await opened(20);
  const before = weightsDigest(model.getWeights());
  const there = Object.fromEntries(
    Object.entries(landscape.weights).map(([name, weight]) => [name, tf.zerosLike(weight)]),
  );
  expect(await landscape.loss(there)).toBeCloseTo(Math.log(10), 5);
  expect((await landscape.evaluate(there)).loss).toBeCloseTo(Math.log(10), 5);
  expect(weightsDigest(model.getWeights())).toBe(before);
});

test('nothing is left behind but what belongs to the caller', async () => {
  const { landscape } = await opened(20);
  const before = tf.memory().numTensors;
  await landscape.loss(landscape.weights);
  const { gradient } = await landscape.evaluate(landscape.weights);
  tf.dispose(gradient);
  expect(tf.memory().numTensors).toBe(before);
  landscape.dispose();
  expect(tf.memory().numTensors).toBe(before - 2);
});

test('a stop between two batches leaves nothing behind', async () => {
  const controller = new AbortController();
  const { landscape } = await opened(520, controller.signal);
  const before = tf.memory().numTensors;
  const evaluating = landscape.evaluate(landscape.weights);
  await setImmediate(); // the first batch is under way
  await setImmediate();
  controller.abort(new Error('stopped'));
  await expect(evaluating).rejects.toThrow('stopped');
  expect(tf.memory().numTensors).toBe(before);
});

test('a stop ends whatever is asked, and the network has its weights back', async () => {
  const controller = new AbortController();
  const { model, landscape } = await opened(20, controller.signal);
  const before = weightsDigest(model.getWeights());
  controller.abort(new Error('stopped'));
  await expect(landscape.loss(landscape.weights)).rejects.toThrow('stopped');
  await expect(landscape.evaluate(landscape.weights)).rejects.toThrow('stopped');
  expect(weightsDigest(model.getWeights())).toBe(before);
});
