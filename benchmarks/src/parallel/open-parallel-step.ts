import { extname } from 'node:path';
import { momentum, plain } from '@flatmin/core';
import { dataParallel, split } from '@flatmin/parallel';
import { all, type LabelledImages } from '../data/images.ts';
import { normalisedPixels } from '../data/pixels.ts';
import { variantOf } from '../optimizers.ts';
import type { ParallelModel } from './parallel-model.ts';

// Beside this file, in the source as built.
const WORKER = new URL(`worker${extname(import.meta.url)}`, import.meta.url);

/** What is to be trained, and how. */
export interface ParallelStepOptions {
  /** Name of a network. */
  readonly network: string;
  /** Name of an optimizer. */
  readonly optimizer: string;
  /** The batch of every step. */
  readonly images: LabelledImages;
  readonly workers: number;
  /** What the workers compute with; default `wasm`, of one thread each. */
  readonly engine?: string;
}

/** A training step that can be repeated. */
export interface ParallelStep {
  /** One step on the batch, until its loss is there: which is what it returns. */
  readonly step: () => Promise<number>;
  readonly dispose: () => Promise<void>;
}

/** A network with an optimizer, both by name, to train on one batch in workers; opened when all of them have built it. */
export async function openParallelStep({
  network,
  optimizer,
  images,
  workers,
  engine = 'wasm',
}: ParallelStepOptions): Promise<ParallelStep> {
  const { shape, classes, labels } = images;
  const samples = labels.length;
  const settings = { rho: undefined, momentum: 0.9, trainImages: samples, batchSize: samples, epochsAsked: 1 };
  const training = await dataParallel({
    worker: WORKER,
    workers,
    data: { network, engine, shape, classes, seed: 1 } satisfies ParallelModel,
    base: momentum({ learningRate: 0.01, momentum: settings.momentum }),
    variant: variantOf({ optimizer, ...settings }) ?? plain(),
  });
  const parts = split({ pixels: normalisedPixels(images, all(images).indices), labels }, samples, workers);
  return {
    step: async () => (await training.step(parts)).loss,
    dispose: () => training.dispose(),
  };
}
