import type { EvaluateRequest } from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Batch, partOf, sampleCount } from './batch.ts';

/** Where to evaluate, and on what. */
export type About = Pick<EvaluateRequest<tf.Tensor>, 'weights' | 'batch' | 'shard' | 'samples'>;

/** A part of what a request is about, small enough to be evaluated at once. */
export interface MicroBatch<B extends Batch> {
  /** Its samples. */
  readonly samples: B;
  /** Which it is, from 0. */
  readonly index: number;
  /** How many of the samples asked for are in it: 1 is all. */
  readonly share: number;
  /** Where to evaluate, and which part of which batch this is. */
  readonly place: Omit<About, 'samples'>;
}

/**
 * Hands over what a request is about in micro-batches, one after another. Each exists while `f` runs; of what `f`
 * makes only that lasts which is kept.
 *
 * @param batch the whole batch that the request is about
 * @param size how many samples a micro-batch has, at most
 */
export function forEachMicroBatch<B extends Batch>(
  batch: B,
  request: About,
  size: number,
  f: (part: MicroBatch<B>) => void,
): void {
  const countOf = (samples: number): number => Math.ceil(samples / Math.min(samples, size));
  tf.tidy(() => {
    const whole = partOf(batch, request);
    const all = sampleCount('trainer', whole);
    const count = countOf(all);
    const most = countOf(sampleCount('trainer', batch));
    for (let index = 0; index < count; index++) {
      tf.tidy(() => {
        const samples = count === 1 ? whole : partOf(whole, { shard: { index, count } });
        const share = sampleCount('trainer', samples) / all;
        f({ samples, index, share, place: placeOf(request, index, most) });
      });
    }
  });
}

// A micro-batch is a part of the part asked for. Where only some of its samples are asked for, there may be fewer:
// each has the random numbers of the one of its index.
function placeOf({ weights, batch, shard }: About, index: number, most: number): MicroBatch<Batch>['place'] {
  const { index: part, count } = shard ?? { index: 0, count: 1 };
  return { weights, ...(batch && { batch }), shard: { index: part * most + index, count: count * most } };
}
