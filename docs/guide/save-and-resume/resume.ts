import { existsSync } from 'node:fs';
import { readCheckpoint, writeCheckpoint } from '@flatmin/checkpoint/node';
import { sam } from '@flatmin/sam';
import { type TrainerState, trainer } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, metrics } from '@tensorflow/tfjs-layers';

/** What the file holds. */
type Saved = {
  readonly epoch: number;
  readonly step: number;
  readonly weights: readonly Float32Array[];
  readonly training: TrainerState;
};

/** Trains a classifier. Killed at any moment and run again, it goes on from the file, and ends with the same weights. */
export async function train(
  model: LayersModel,
  data: { xs: tf.Tensor; ys: tf.Tensor },
  { file, epochs, signal }: { file: string; epochs: number; signal?: AbortSignal },
): Promise<void> {
  const loop = trainer({
    base: tf.train.adam(0.01),
    variant: sam({ rho: 0.05 }),
    variables: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
    losses: ({ xs, ys }) => metrics.categoricalCrossentropy(ys, model.apply(xs, { training: true }) as tf.Tensor),
  });

  let from = { epoch: 1, step: 0 };
  if (existsSync(file)) {
    const { epoch, step, weights, training } = (await readCheckpoint(file)) as Saved;
    const shapes = model.getWeights().map(({ shape }) => shape);
    tf.tidy(() => model.setWeights(weights.map((numbers, i) => tf.tensor(numbers, shapes[i]))));
    await loop.restore(training);
    from = { epoch, step };
  }

  await loop.fit(data, {
    epochs,
    batchSize: 32,
    from,
    ...(signal && { signal }),
    onStep: async ({ epoch, step }) => {
      const weights = await Promise.all(model.getWeights().map((weight) => weight.data<'float32'>()));
      await writeCheckpoint(file, { epoch, step, weights, training: await loop.state() });
    },
  });
  loop.dispose();
}
