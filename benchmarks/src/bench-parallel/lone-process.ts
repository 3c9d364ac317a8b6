import { sharpnessAware } from '@flatmin/tfjs';
import { dispose, mean, type Scalar } from '@tensorflow/tfjs-core';
import { useBackend } from '../backends.ts';
import { noiseImages, noiseInput } from '../bench-step/noise-batch.ts';
import { LEARNING_RATE } from '../bench-step/step-optimizers.ts';
import { all } from '../data/images.ts';
import { normalisedPixels } from '../data/pixels.ts';
import { SavedMomentum } from '../learners/saved-momentum.ts';
import { crossEntropies, logitsOf, models, trainedWeights } from '../models/model.ts';
import { variantOf } from '../optimizers.ts';
import { batchOfPart } from '../parallel/batch-of-part.ts';

/** What one process trains, as its first argument in JSON. */
export interface LoneSettings {
  /** Name of a network. */
  readonly network: string;
  /** Name of an optimizer. */
  readonly optimizer: string;
  readonly batch: number;
}

/** Makes a function that takes one step on a batch of noise, until its loss is there. */
async function lone({ network, optimizer, batch }: LoneSettings): Promise<() => number> {
  await useBackend('wasm');
  const model = models.get(network)!.build(noiseInput);
  const base = new SavedMomentum(LEARNING_RATE, 0.9);
  const settings = { rho: undefined, momentum: 0.9, trainImages: batch, batchSize: batch, epochsAsked: 1 };
  const variant = variantOf({ optimizer, ...settings });
  const trained = variant === undefined ? base : sharpnessAware(base, variant);
  const variables = trainedWeights(model);
  const images = noiseImages(batch);
  const part = { pixels: normalisedPixels(images, all(images).indices), labels: images.labels };
  return () => {
    const { xs, ys } = batchOfPart(part, noiseInput); // anew, as a worker of the pool has it
    const closure = (): Scalar => mean(crossEntropies(ys, logitsOf(model, xs, { training: true })));
    const loss = trained.minimize(closure, true, variables)!;
    const [value] = loss.dataSync();
    dispose([loss, xs, ys]);
    return value!;
  };
}

const step = await lone(JSON.parse(process.argv[2]!) as LoneSettings);
process.on('message', (steps: number) => {
  const start = performance.now();
  for (let i = 0; i < steps; i++) {
    const loss = step();
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}, not a number`);
  }
  process.send!((performance.now() - start) / steps);
});
process.send!('ready');
