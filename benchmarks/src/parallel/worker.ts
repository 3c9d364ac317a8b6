import { serve } from '@flatmin/parallel/worker';
import { replica } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '../backends.ts';
import { crossEntropies, logitsOf, models, trainedWeights } from '../models/model.ts';
import type { ImagePart, ParallelModel } from './parallel-model.ts';

serve<ImagePart>(async ({ data }) => {
  const { network, engine, ...input } = data as ParallelModel;
  await useBackend(engine);
  const model = models.get(network)!.build(input);
  return replica<ImagePart>({
    variables: trainedWeights(model),
    batch: ({ pixels, labels }) => ({
      xs: tf.tensor4d(pixels, [labels.length, ...input.shape]),
      ys: tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), input.classes), 'float32'),
    }),
    losses: ({ xs, ys }) => crossEntropies(ys, logitsOf(model, xs, { training: true })),
  });
});
