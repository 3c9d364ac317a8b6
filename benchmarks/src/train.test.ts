import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from './backends.ts';
import { evaluate } from './evaluate.ts';
import { createLearner } from './learners/learner.ts';
import { models } from './models/model.ts';
import { optimizers } from './optimizers.ts';
import { someStripes } from './testing/stripes.ts';
import { beginning, DivergedError, type EpochEvent, type StepEvent, train } from './train.ts';
import { weightsDigest } from './weights-digest.ts';

beforeAll(() => useBackend('cpu'));
const running = new AbortController().signal;

interface Trial {
  readonly images?: number;
  readonly epochs?: number;
  readonly optimizer?: string;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly augment?: string[];
  readonly signal?: AbortSignal;
  readonly onStep?: (event: StepEvent) => void;
}

/** Trains softmax regression in batches of 16; tells all that was heard. */
async function trial({ images = 40, optimizer = 'sgd', learningRate = 0.1, seed = 1, ...rest }: Trial = {}) {
  const selection = await someStripes(images);
  const model = models.get('linear')!.build({ shape: [8, 8, 1], classes: 10, seed: 1 });
  const epochsAsked = rest.epochs ?? 2;
  const shape = { trainImages: images, batchSize: 16, epochsAsked };
  const learner = createLearner(model, { optimizer, learningRate, momentum: 0.9, rho: undefined, seed, ...shape });
  const steps: StepEvent[] = [];
  const epochs: EpochEvent[] = [];
  const tensors: number[] = [];
  const options = {
    learner,
    epochs: epochsAsked,
    batchSize: 16,
    augment: rest.augment ?? [],
    seed,
    from: beginning(seed),
    reached: async () => {},
    signal: rest.signal ?? running,
  };
  try {
    await train(model, selection, options, {
      onStep(event) {
        steps.push(event);
        tensors.push(tf.memory().numTensors);
        rest.onStep?.(event);
      },
      onEpoch: (event) => void epochs.push(event),
    });
    const trained = await evaluate(model, selection.train, running);
    return { steps, epochs, tensors, trained, digest: weightsDigest(model.getWeights()) };
  } finally {
    learner.dispose();
    model.dispose();
  }
}

test('every epoch visits all images, the last ones in a short batch', async () => {
  const { steps, epochs } = await trial({ images: 40 });
  expect(steps.map(({ epoch, step }) => [epoch, step])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 4],
    [2, 5],
    [2, 6],
  ]);
  expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
    [1, 3],
    [2, 6],
  ]);
});

test('the training loss of an epoch is the mean over images, so a short batch counts less', async () => {
  const { steps, epochs } = await trial({ images: 40 });
  const [one, two, three] = steps.map(({ loss }) => loss);
  expect(epochs[0]!.trainLoss).toBeCloseTo((16 * one! + 16 * two! + 8 * three!) / 40, 6);
});

test('with a learning rate next to nothing the means over an epoch are those of all images', async () => {
  const { epochs, trained } = await trial({ images: 40, learningRate: 1e-12 });
  for (const { trainLoss, trainAccuracy } of epochs) {
    expect(trainLoss).toBeCloseTo(trained.loss, 5);
    expect(trainAccuracy).toBeCloseTo(trained.accuracy, 6);
  }
});

test('the network learns', async () => {
  const { epochs } = await trial({ images: 1_000 });
  expect(epochs.at(-1)!.testAccuracy).toBeGreaterThan(0.75);
});

const onAnyNetwork = [...optimizers].flatMap(([name, { needsNormalisation }]) => (needsNormalisation ? [] : [name]));

test.each(onAnyNetwork)('%s trains it, to more than four times chance', async (optimizer) => {
  const { epochs } = await trial({ images: 400, optimizer, epochs: 3 });
  expect(epochs.at(-1)!.testAccuracy).toBeGreaterThan(0.4);
});

test('a seed decides the order of the images, bit for bit, and each epoch has another', async () => {
  const [one, same, other] = [await trial({ seed: 1 }), await trial({ seed: 1 }), await trial({ seed: 2 })];
  expect(same.digest).toBe(one.digest);
  expect(same.steps).toEqual(one.steps);
  expect(other.digest).not.toBe(one.digest);
  const still = await trial({ learningRate: 1e-12 });
  expect(still.steps[0]!.loss).not.toBeCloseTo(still.steps[3]!.loss, 4);
});

test.each(onAnyNetwork)('the number of tensors stays flat while %s trains', async (optimizer) => {
  const { tensors } = await trial({ images: 200, optimizer });
  expect(new Set(tensors.slice(2)).size).toBe(1);
});

test('a stop takes effect after the step in progress', async () => {
  const controller = new AbortController();
  const heard: number[] = [];
  const stopped = trial({
    signal: controller.signal,
    onStep({ step }) {
      heard.push(step);
      if (step === 2) controller.abort(new Error('stopped'));
    },
  });
  await expect(stopped).rejects.toThrow('stopped');
  expect(heard).toEqual([1, 2]);
});

test('a signal that comes from outside gets in between steps', async () => {
  const controller = new AbortController();
  let steps = 0;
  setTimeout(() => controller.abort(new Error('stopped')), 0);
  const stopped = trial({ images: 1_000, signal: controller.signal, onStep: () => void steps++ });
  await expect(stopped).rejects.toThrow('stopped');
  expect(steps).toBeLessThan(120);
});

test('a last step that ruins the network is noticed too', async () => {
  await expect(trial({ learningRate: 1e38, images: 16, epochs: 1 })).rejects.toThrow(DivergedError);
});

test.each(onAnyNetwork)('numbers that are no longer finite end the training with %s', async (optimizer) => {
  await expect(trial({ learningRate: 1e38, optimizer })).rejects.toThrow(DivergedError);
});
