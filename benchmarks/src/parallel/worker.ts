import { serve } from '@flatmin/parallel/worker';
import { replica } from '@flatmin/tfjs';
import { useBackend } from '../backends.ts';
import { crossEntropies, logitsOf, models, trainedWeights } from '../models/model.ts';
import { batchOfPart } from './batch-of-part.ts';
import type { ImagePart, ParallelModel } from './parallel-model.ts';

serve<ImagePart>(async ({ data }) => {
  const { network, engine, ...input } = data as ParallelModel;
  await useBackend(engine);
  const model = models.get(network)!.build(input);
  return replica<ImagePart>({
    variables: trainedWeights(model),
    batch: (part) => batchOfPart(part, input),
    losses: ({ xs, ys }) => crossEntropies(ys, logitsOf(model, xs, { training: true })),
  });
});
