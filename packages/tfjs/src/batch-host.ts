import type { AsyncHost, Evaluation } from '@flatmin/core';
import { map, zip } from '@flatmin/tree';
import * as tf from '@tensorflow/tfjs-core';
import { tensors } from './algebra.ts';
import { type Batch, sampleCount } from './batch.ts';
import { type About, forEachMicroBatch, type MicroBatch } from './micro-batches.ts';
import { oneForEach } from './one-for-each.ts';
import type { VariableStep } from './variable-step.ts';

/** The batches of a step. */
export interface Batches<B extends Batch> {
  /** This step's. */
  readonly now: B;
  /** That of the step before. */
  readonly previous: B;
}

/**
 * Answers a variant's requests about a batch, its parts, some of its samples and the batch before.
 *
 * @param step evaluates
 * @param losses the loss of each sample, for any batch
 * @param microBatchSize how many samples to evaluate at once, at most
 */
export function batchHost<B extends Batch>(
  step: VariableStep,
  losses: (batch: B) => tf.Tensor,
  { now, previous }: Batches<B>,
  microBatchSize: number,
): AsyncHost<tf.Tensor> {
  const lossesOf = (samples: B): tf.Tensor => oneForEach('trainer', losses(samples), sampleCount('trainer', samples));
  const forEach = (request: About, f: (part: MicroBatch<B>) => void): void =>
    forEachMicroBatch(request.batch === 'previous' ? previous : now, request, microBatchSize, f);
  return {
    evaluate: async (request, first) => {
      const asked: tf.Tensor[] = [];
      let mean: Evaluation<tf.Tensor> | undefined;
      try {
        forEach(request, ({ samples, index, share, place }) => {
          const loss = (): tf.Scalar => {
            const each = lossesOf(samples);
            // A base that is sharpness-aware itself runs this again, at weights of its own: the first run is meant.
            if (request.losses) asked[index] ??= tensors.share(each);
            return tf.mean(each);
          };
          mean = added(mean, share, step.evaluate(loss, place, first));
        });
        return request.losses ? { ...mean!, losses: await numbersOf(asked) } : mean!;
      } catch (error) {
        if (mean !== undefined) tf.dispose([mean.loss, mean.gradient as tf.TensorContainer]);
        throw error;
      } finally {
        tf.dispose(asked);
      }
    },
    losses: async (request) => {
      const asked: tf.Tensor[] = [];
      try {
        forEach(request, ({ samples, place }) => {
          asked.push(step.run(() => tensors.share(lossesOf(samples)), place, false));
        });
        return await numbersOf(asked);
      } finally {
        tf.dispose(asked);
      }
    },
  };
}

// before + share · evaluation, whose tensors are freed.
function added(
  before: Evaluation<tf.Tensor> | undefined,
  share: number,
  evaluation: Evaluation<tf.Tensor>,
): Evaluation<tf.Tensor> {
  if (share === 1) return evaluation;
  const weighted = (x: tf.Tensor): tf.Tensor => replaced([x], () => tf.mul(x, share));
  const sum = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => replaced([x, y], () => tf.add(x, tf.mul(y, share)));
  const { loss, gradient } = evaluation;
  if (before === undefined) return { loss: weighted(loss), gradient: map(weighted, gradient) };
  return { loss: sum(before.loss, loss), gradient: zip(sum, before.gradient, gradient) };
}

function replaced(operands: tf.Tensor[], compute: () => tf.Tensor): tf.Tensor {
  const result = tf.keep(tf.tidy(compute));
  tf.dispose(operands);
  return result;
}

async function numbersOf(asked: readonly tf.Tensor[]): Promise<number[]> {
  const data = await Promise.all(asked.map((losses) => losses.data()));
  return data.flatMap((numbers) => Array.from(numbers));
}
