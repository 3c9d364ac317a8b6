import type { Batch, LabelledImages } from '../data/images.ts';
import { all, toBatch } from '../data/images.ts';
import { createLearner } from '../learners/learner.ts';
import { type ModelInput, models } from '../models/model.ts';
import { seededRandom } from '../random.ts';

const shape = [28, 28, 1] as const;
const classes = 10;
/** What networks are built for that train on noise. */
export const noiseInput: ModelInput = { shape, classes, seed: 1 };
const settings = { learningRate: 0.01, momentum: 0.9, rho: undefined, seed: 1, epochsAsked: 1 };

/** A training step that can be repeated. */
export interface StepTask {
  /** One step on the batch, until its loss has been read. */
  readonly step: () => Promise<void>;
  readonly dispose: () => void;
}

/** A network with an optimizer, both by name, to train on one batch. */
export function stepTask(network: string, optimizer: string, batch: Batch): StepTask {
  const model = models.get(network)!.build(noiseInput);
  const images = batch.xs.shape[0];
  const learner = createLearner(model, { ...settings, optimizer, batchSize: images, trainImages: images });
  return {
    async step() {
      const { loss } = await learner.step(batch);
      if (!Number.isFinite(loss)) throw new Error(`${network} with ${optimizer}: the loss is ${loss}, not a number`);
    },
    dispose() {
      learner.dispose();
      model.dispose();
    },
  };
}

/** Noise in the format of Fashion-MNIST: how long a step takes does not depend on the pixels. */
export function noiseImages(count: number): LabelledImages {
  const random = seededRandom(1);
  return {
    shape,
    classes,
    pixels: Uint8Array.from({ length: count * 28 * 28 }, () => random.integer(0, 255)),
    labels: Uint8Array.from({ length: count }, () => random.integer(0, classes - 1)),
  };
}

/** A batch of {@link noiseImages}. */
export function noiseBatch(batchSize: number): Batch {
  const images = noiseImages(batchSize);
  return toBatch(images, all(images).indices);
}
