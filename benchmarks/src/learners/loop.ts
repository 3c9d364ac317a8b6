import { type EvaluateRequest, type LossesRequest, relay, type Variant } from '@flatmin/core';
import { type SharpnessAwareOptions, type TrainerState, trainer } from '@flatmin/tfjs';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { crossEntropies, logitsOf, trainedWeights } from '../models/model.ts';
import { Answers } from './answers.ts';
import type { Learner } from './learner.ts';

type Pass = EvaluateRequest<unknown> | LossesRequest<unknown>;

/** Trains a network with a variant that needs more than the one loss of one batch that an optimizer is given. */
export function loopLearner(
  model: LayersModel,
  base: tf.Optimizer,
  variant: Variant,
  options: Pick<SharpnessAwareOptions, 'seed' | 'learningRate'>,
): Learner {
  const passes: Pass[] = []; // asked for, not yet run: they are run in the order of asking
  let answers = new Answers(0);
  let gradients = 0;
  const loop = trainer({
    base,
    variant: watched(variant, passes),
    ...options,
    variables: trainedWeights(model),
    losses({ xs, ys }) {
      const pass = passes.shift()!;
      const logits = logitsOf(model, xs, { training: true });
      if (pass.kind === 'evaluate') {
        gradients += shareOfBatch(pass, answers.images);
        if (pass.batch !== 'previous') answers.judge(ys, logits);
      }
      return crossEntropies(ys, logits);
    },
  });
  return {
    async step({ xs, ys }) {
      answers = new Answers(xs.shape[0]);
      passes.length = 0; // a step that failed may have left some
      try {
        const { loss } = await loop.step({ xs, ys });
        return { loss, accuracy: await answers.accuracy() };
      } finally {
        answers.dispose();
      }
    },
    get gradientEvaluations() {
      return gradients;
    },
    async state() {
      return { gradientEvaluations: gradients, optimizer: await loop.state() };
    },
    async restore(state) {
      await loop.restore(state.optimizer as TrainerState);
      gradients = state.gradientEvaluations;
    },
    dispose: () => loop.dispose(),
  };
}

/** The same variant, which writes down the passes through the network that it asks for. */
function watched(variant: Variant, passes: Pass[]): Variant {
  return {
    ...variant,
    step: (given) =>
      relay(variant.step(given), {
        request(asked) {
          if (asked.kind !== 'read') passes.push(asked);
          return asked;
        },
      }),
  };
}

function shareOfBatch({ shard, samples }: EvaluateRequest<unknown>, images: number): number {
  return samples === undefined ? 1 / (shard?.count ?? 1) : samples.length / images;
}
