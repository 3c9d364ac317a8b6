import { extname } from 'node:path';
import { momentum, plain, type Variant } from '@flatmin/core';
import { BatchStep, dataParallel, split } from '@flatmin/parallel';
import { all, type LabelledImages } from '../data/images.ts';
import { normalisedPixels } from '../data/pixels.ts';
import type { ParallelModel } from './parallel-model.ts';

// Beside this file, in the source as built.
const WORKER = new URL(`worker${extname(import.meta.url)}`, import.meta.url);

/** What is to be trained, and how. */
export interface ParallelStepOptions {
  /** Name of a network. */
  readonly network: string;
  /** Around momentum; absent: momentum by itself. */
  readonly variant: Variant | undefined;
  /** The batch of every step. */
  readonly images: LabelledImages;
  readonly workers: number;
  /** What the workers compute with; default `wasm`, of one thread each. */
  readonly engine?: string;
  /** Default 0.01. */
  readonly learningRate?: number;
}

/** A training step that can be repeated. */
export interface ParallelStep {
  /** One step on the batch, until its loss is there: which is what it returns. */
  readonly step: () => Promise<number>;
  /** The loss and its gradient alone; returns the loss. */
  readonly gradient: () => Promise<number>;
  /** Gradients of the batch that steps have computed so far. */
  readonly gradients: () => number;
  readonly dispose: () => Promise<void>;
}

/** A network by name with an optimizer, to train on one batch in workers; opened when all of them have built it. */
export async function openParallelStep({
  network,
  variant,
  images,
  workers,
  engine = 'wasm',
  learningRate = 0.01,
}: ParallelStepOptions): Promise<ParallelStep> {
  const { shape, classes, labels } = images;
  const samples = labels.length;
  const training = await dataParallel({
    worker: WORKER,
    workers,
    data: { network, engine, shape, classes, seed: 1 } satisfies ParallelModel,
    base: momentum({ learningRate, momentum: 0.9 }),
    variant: variant ?? plain(),
  });
  const parts = split({ pixels: normalisedPixels(images, all(images).indices), labels }, samples, workers);
  return {
    step: async () => (await training.step(parts)).loss,
    gradient: async () => {
      const { pool, weights, statistics } = training;
      const { loss } = await new BatchStep(pool, { parts, previous: parts, statistics, seed: 0 }).evaluate(weights, {
        first: true,
      });
      return loss as number;
    },
    gradients: () => training.gradientEvaluations,
    dispose: () => training.dispose(),
  };
}
