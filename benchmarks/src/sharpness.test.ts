import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from './backends.ts';
import type { Subset } from './data/images.ts';
import { models } from './models/model.ts';
import { sharpness } from './sharpness.ts';
import { someStripes } from './testing/stripes.ts';
import { weightsDigest } from './weights-digest.ts';

beforeAll(() => useBackend('cpu'));
const running = new AbortController().signal;
const buildLinear = () => models.get('linear')!.build({ shape: [8, 8, 1], classes: 10, seed: 3 });

/** Softmax regression in plain numbers: mean loss and its gradient over the images, weights [64 · 10] then biases [10]. */
function softmaxRegression(parameters: Float64Array, { of, indices }: Subset) {
  const gradient = new Float64Array(parameters.length);
  let loss = 0;
  for (const image of indices) {
    const x = Array.from(of.pixels.subarray(64 * image, 64 * image + 64), (pixel) => pixel / 255);
    const exps = Array.from({ length: 10 }, (_, k) =>
      Math.exp(x.reduce((sum, value, i) => sum + value * parameters[10 * i + k]!, parameters[640 + k]!)),
    );
    const total = exps.reduce((sum, e) => sum + e, 0);
    loss -= Math.log(exps[of.labels[image]!]! / total) / indices.length;
    for (const [k, e] of exps.entries()) {
      const error = (e / total - (k === of.labels[image] ? 1 : 0)) / indices.length;
      for (const [i, value] of x.entries()) gradient[10 * i + k]! += error * value;
      gradient[640 + k]! += error;
    }
  }
  return { loss, gradient };
}

test.each([0.05, 0.5])('at ρ = %d it agrees with an independent calculation, over several batches', async (rho) => {
  const { train } = await someStripes(330);
  const model = buildLinear();
  const w = Float64Array.from(model.getWeights().flatMap((weight) => [...weight.dataSync()]));
  const { loss, gradient } = softmaxRegression(w, train);
  const norm = Math.hypot(...gradient);
  const perturbed = softmaxRegression(
    w.map((value, i) => value + (rho * gradient[i]!) / norm),
    train,
  );
  expect(await sharpness(model, train, running, rho)).toBeCloseTo(perturbed.loss - loss, 6);
  model.dispose();
});

test('the weights come back bit for bit and no tensor is left', async () => {
  const { train } = await someStripes(150);
  const model = buildLinear();
  const [digest, tensors] = [weightsDigest(model.getWeights()), tf.memory().numTensors];
  await sharpness(model, train, running);
  expect(weightsDigest(model.getWeights())).toBe(digest);
  expect(tf.memory().numTensors).toBe(tensors);
  model.dispose();
});

test('a stop while the weights are perturbed puts them back', async () => {
  const { train } = await someStripes(150);
  const model = buildLinear();
  const digest = weightsDigest(model.getWeights());
  const digests = new Set<string>();
  const signal = Object.assign(new AbortController().signal, {
    throwIfAborted() {
      digests.add(weightsDigest(model.getWeights()));
      if (digests.size > 1) throw new Error('stopped');
    },
  });
  await expect(sharpness(model, train, signal)).rejects.toThrow('stopped');
  expect(weightsDigest(model.getWeights())).toBe(digest);
  model.dispose();
});
