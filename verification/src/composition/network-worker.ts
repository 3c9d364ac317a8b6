// A worker of the walk: the small network of the other loops on its part of the batch of a step.
import { float32Backend, networkProblem, standardData } from '@flatmin/conformance';
import type { Floats } from '@flatmin/parallel';
import { serve } from '@flatmin/parallel/worker';

const data = standardData('normalised');
const problem = networkProblem(data, float32Backend);

serve<{ readonly step: number }>(({ index, count }) => ({
  weights: problem.start() as Floats,
  evaluate(weights, { part: { step }, samples, losses }) {
    const asked = { shard: { index, count }, ...(samples && { samples }), ...(losses && { losses }) };
    const evaluation = problem.at(step)(weights, asked);
    return {
      loss: evaluation.loss as number,
      gradient: evaluation.gradient as Floats,
      samples: samples?.length ?? data.batches[0]!.length / count,
      ...(evaluation.losses && { losses: evaluation.losses }),
    };
  },
}));
