import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients of the operations
import { plain, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import { sharpnessAware } from '@flatmin/tfjs';
import { mSam, sampa } from '@flatmin/zoo';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../backends.ts';
import { type Subset, toBatch } from '../data/images.ts';
import { crossEntropy, logitsOf, models, rightAnswers } from '../models/model.ts';
import { optimizers, variantOf } from '../optimizers.ts';
import { someStripes } from '../testing/stripes.ts';
import { compiledLearner } from './compiled.ts';
import { createLearner, type Learner, type LearnerSettings } from './learner.ts';
import { loopLearner } from './loop.ts';
import { SavedMomentum } from './saved-momentum.ts';

beforeAll(() => useBackend('cpu'));

const settings: LearnerSettings = {
  optimizer: 'sgd',
  learningRate: 0.1,
  momentum: 0.5,
  rho: undefined,
  seed: 1,
  batchSize: 16,
  trainImages: 40,
  epochsAsked: 1,
};
const linear = () => models.get('linear')!.build({ shape: [8, 8, 1], classes: 10, seed: 1 });
const batchOf = ({ of, indices }: Subset, from: number, to: number) => toBatch(of, indices.subarray(from, to));

/** Steps of a learner over 40 images in batches of 16, the last of 8, again and again. */
async function trained(create: (model: ReturnType<typeof linear>) => Learner, steps: number) {
  const model = linear();
  const learner = create(model);
  const { train } = await someStripes(40);
  const outcomes = [];
  for (let step = 0; step < steps; step++) {
    const from = 16 * (step % 3);
    const batch = batchOf(train, from, Math.min(40, from + 16));
    outcomes.push(await learner.step(batch));
    tf.dispose([batch.xs, batch.ys]);
  }
  const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
  const gradients = learner.gradientEvaluations;
  learner.dispose();
  model.dispose();
  return { outcomes, weights, gradients };
}

const base = () => tf.train.momentum(settings.learningRate, settings.momentum);
const compiled = (variant: Variant) =>
  trained((model) => compiledLearner(model, sharpnessAware(base(), variant, { seed: 1 })), 6);
const looped = (variant: Variant) => trained((model) => loopLearner(model, base(), variant, { seed: 1 }), 6);

test('plain gradient descent has the run’s learning rate and momentum, and computes one gradient a step', async () => {
  const { weights, gradients } = await trained((model) => createLearner(model, settings), 6);
  expect(gradients).toBe(6);
  const same = await compiled(plain());
  expect(weights).toEqual(same.weights);
});

test.each(['sgd', 'sam', 'esam'])(
  'with the cosine schedule the learning rate of %s falls to zero',
  async (optimizer) => {
    const epochs = { ...settings, optimizer, epochsAsked: 2 };
    const scheduled = await trained((model) => createLearner(model, { ...epochs, schedule: 'cosine' }), 6);
    // The run's six steps, each at the rate of half a cosine.
    const byHand = await trained((model) => {
      const momentum = new SavedMomentum(0.1, 0.5);
      const variant = variantOf(epochs) ?? plain();
      const learner =
        optimizer === 'esam'
          ? loopLearner(model, momentum, variant, { seed: 1 })
          : compiledLearner(model, sharpnessAware(momentum, variant, { seed: 1 }));
      let step = 0;
      return {
        ...learner,
        gradientEvaluations: 0,
        step(batch) {
          momentum.setLearningRate(0.05 * (1 + Math.cos((Math.PI * step++) / 6)));
          return learner.step(batch);
        },
      };
    }, 6);
    expect(scheduled.weights).toEqual(byHand.weights);
  },
);

test('a compiled network and a loop take the same steps, and tell the same of their batches', async () => {
  const [one, other] = [await compiled(sam()), await looped(sam())];
  expect(other.gradients).toBe(one.gradients);
  for (const [i, weight] of one.weights.entries()) expect(other.weights[i]).toBeCloseTo(weight, 5);
  for (const [i, { loss, accuracy }] of one.outcomes.entries()) {
    expect(other.outcomes[i]!.loss).toBeCloseTo(loss, 5);
    expect(other.outcomes[i]!.accuracy).toBeCloseTo(accuracy, 6);
  }
});

test.each([
  { name: 'parts of the batch', variant: mSam({ rho: 0.05, shards: 4 }) },
  { name: 'the batch before', variant: sampa({ rho: 0.05 }) },
])(
  'with $name too, the first step tells loss and accuracy of its batch at the initial weights',
  async ({ variant }) => {
    const model = linear();
    const { train } = await someStripes(40);
    const batch = batchOf(train, 0, 16);
    const logits = logitsOf(model, batch.xs);
    const learner = loopLearner(model, base(), variant, { seed: 1 });
    const { loss, accuracy } = await learner.step(batch);
    expect(loss).toBeCloseTo(crossEntropy(batch.ys, logits).dataSync()[0]!, 5);
    expect(accuracy).toBe(tf.sum(rightAnswers(batch.ys, logits)).dataSync()[0]! / 16);
  },
);

test('answers to the batch before are not counted with those to the batch', async () => {
  const model = linear();
  const { train } = await someStripes(40);
  // Without a learning rate, a reach and momentum every pass is at the initial weights.
  const learner = loopLearner(model, tf.train.momentum(1e-12, 0), sampa({ rho: 0 }), { seed: 1 });
  for (const [from, to] of [
    [0, 16],
    [32, 40],
    [16, 32],
  ] as const) {
    const batch = batchOf(train, from, to);
    const { accuracy } = await learner.step(batch);
    const right = tf.sum(rightAnswers(batch.ys, logitsOf(model, batch.xs))).dataSync()[0]!;
    expect(accuracy).toBeCloseTo(right / (to - from), 6);
  }
});

test.each([
  { optimizer: 'sgd', gradients: 6 },
  { optimizer: 'sam', gradients: 12 },
  { optimizer: 'looksam', gradients: 8 },
  { optimizer: 'gam', gradients: 24 },
  { optimizer: 'msam', gradients: 6 },
  { optimizer: 'sampa', gradients: 12 },
  // Two of each of four quarters of the batch, and one of half of it.
  { optimizer: 'm-sam', gradients: 12 },
  { optimizer: 'esam', gradients: 9 },
])('six steps of $optimizer take $gradients gradients of a batch', async ({ optimizer, gradients }) => {
  const { gradients: counted } = await trained((model) => createLearner(model, { ...settings, optimizer }), 6);
  expect(counted).toBeCloseTo(gradients, 9);
});

test.each([...optimizers.keys()].filter((name) => name !== 'sam-on'))(
  'the number of tensors stays flat while %s steps, and none is left behind but what TensorFlow.js loses itself',
  async (optimizer) => {
    const create = (model: ReturnType<typeof linear>) => createLearner(model, { ...settings, optimizer });
    await trained(create, 3);
    const before = tf.memory().numTensors;
    await trained(create, 6);
    await trained(create, 9);
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(2); // one each, of the momentum optimizer
  },
);
