import { setImmediate } from 'node:timers/promises';
import { NonFiniteError } from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type BatchSource, openBatches } from './data/batches.ts';
import { type Batch, first } from './data/images.ts';
import type { Selection } from './data/select.ts';
import { evaluate } from './evaluate.ts';
import type { Learner, StepOutcome } from './learners/learner.ts';
import { permutation, type RandomState, randomFrom, seededRandom } from './random.ts';

/** After a step: how it and its epoch stand. */
export interface StepEvent {
  /** Counted from 1. */
  readonly epoch: number;
  /** Counted from 1 through the whole run. */
  readonly step: number;
  /** Of this batch. */
  readonly loss: number;
  /** Means over the images of the epoch so far. */
  readonly lossSoFar: number;
  readonly accuracySoFar: number;
}

/** After an epoch: its means, and how the network does on images that it is judged on. */
export interface EpochEvent {
  readonly epoch: number;
  /** Steps of the run so far. */
  readonly step: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Spent on training, without the evaluation. */
  readonly seconds: number;
}

/** Who hears of the training while it runs. */
export interface TrainingListener {
  readonly onStep: (event: StepEvent) => void;
  readonly onEpoch: (event: EpochEvent) => void;
}

/** Where a training stands between two steps: all that the next ones depend on but network and optimizer. */
export type Position = {
  /** In progress, counted from 1; one more than were asked for when all is done. */
  readonly epoch: number;
  /** Steps of the run so far. */
  readonly step: number;
  /** Of the epoch's images, those that it has trained on. */
  readonly images: number;
  /** Means over these. */
  readonly loss: number;
  readonly accuracy: number;
  /** Spent on these. */
  readonly seconds: number;
  /** What the epoch's order of images is drawn from. */
  readonly random: RandomState;
};

/** How to train. */
export interface TrainingOptions {
  /** Takes the steps of the network that is trained. */
  readonly learner: Learner;
  readonly epochs: number;
  readonly batchSize: number;
  /** What is done to the images at random, by the names of `augmentations`. */
  readonly augment: readonly string[];
  /** What augmentations draw from. */
  readonly seed: number;
  /** Where to begin. */
  readonly from: Position;
  /** Hears of every position as soon as it is reached, and is waited for. */
  readonly reached: (position: Position) => Promise<void>;
  /** Stops after the step in progress. */
  readonly signal: AbortSignal;
}

/** A loss or a gradient is no longer finite: nothing can be learned from here on. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/** Images judged on after each epoch; all are judged on at the end of a run. */
export const IMAGES_EACH_EPOCH = 2_000;

const NO_IMAGES = { images: 0, loss: 0, accuracy: 0, seconds: 0 };

/** Before the first step; the seed decides the order of the images. */
export function beginning(seed: number): Position {
  return { epoch: 1, step: 0, ...NO_IMAGES, random: seededRandom(seed).state() };
}

/**
 * Trains a network with mini-batches in an order drawn anew each epoch; the last batch of an epoch may
 * be short.
 *
 * @throws {@link DivergedError}; the signal's reason once it is aborted
 */
export async function train(
  model: LayersModel,
  { train, held }: Selection,
  options: TrainingOptions,
  listener: TrainingListener,
): Promise<void> {
  const batches = openBatches(train.of, options);
  try {
    let position = options.from;
    while (position.epoch <= options.epochs) {
      const random = randomFrom(position.random);
      const order = permutation(train.indices.length, random).map((place) => train.indices[place]!);
      position = await trainEpoch(batches, order, { ...options, from: position }, listener);
      const test = await evaluate(model, first(IMAGES_EACH_EPOCH, held), options.signal);
      if (!Number.isFinite(test.loss)) throw new DivergedError('the held-out loss is no longer a finite number');
      const { epoch, step, loss, accuracy, seconds } = position;
      const means = { trainLoss: loss, trainAccuracy: accuracy, testLoss: test.loss, testAccuracy: test.accuracy };
      listener.onEpoch({ epoch, step, ...means, seconds });
      position = { epoch: epoch + 1, step, ...NO_IMAGES, random: random.state() };
      await options.reached(position);
    }
  } finally {
    await batches.close();
  }
}

/** The rest of a pass over the images, in this order; returns where it ends. */
async function trainEpoch(
  batches: BatchSource,
  indices: Uint32Array,
  { learner, batchSize, from, reached, signal }: TrainingOptions,
  listener: TrainingListener,
): Promise<Position> {
  let position = from;
  const order = indices.subarray(from.images);
  let startedAt = performance.now();
  for await (const batch of batches.epoch({ order, epoch: from.epoch, from: from.images, batchSize, signal })) {
    const images = batch.xs.shape[0];
    const outcome = await trainOnBatch(learner, batch, signal);
    if (!Number.isFinite(outcome.loss)) throw new DivergedError('the training loss is no longer a finite number');
    position = afterStep(position, images, outcome, (performance.now() - startedAt) / 1000);
    const { epoch, step, loss: lossSoFar, accuracy: accuracySoFar } = position;
    listener.onStep({ epoch, step, loss: outcome.loss, lossSoFar, accuracySoFar });
    await reached(position);
    startedAt = performance.now();
  }
  return position;
}

function afterStep(before: Position, batch: number, { loss, accuracy }: StepOutcome, seconds: number): Position {
  const images = before.images + batch;
  const share = batch / images;
  return {
    ...before,
    step: before.step + 1,
    images,
    loss: before.loss + share * (loss - before.loss),
    accuracy: before.accuracy + share * (accuracy - before.accuracy),
    seconds: before.seconds + seconds,
  };
}

/** The batch is freed. */
async function trainOnBatch(learner: Learner, batch: Batch, signal: AbortSignal): Promise<StepOutcome> {
  try {
    await setImmediate(); // lets signals and drawing in: a step itself never yields
    signal.throwIfAborted();
    return await learner.step(batch);
  } catch (error) {
    if (error instanceof NonFiniteError) throw new DivergedError(error.message, { cause: error });
    throw error;
  } finally {
    tf.dispose([batch.xs, batch.ys]);
  }
}
