import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { pieces, type Subset, toBatch } from './data/images.ts';
import { crossEntropy, logitsOf, rightAnswers } from './models/model.ts';

/** Mean loss and share of right answers over some images. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
  /** Whether each image was right, in their order. */
  readonly right: readonly boolean[];
}

const BATCH = 250;

/**
 * Loss and accuracy in inference mode.
 *
 * @throws the signal's reason once it is aborted
 */
export async function evaluate(model: LayersModel, subset: Subset, signal: AbortSignal): Promise<Evaluation> {
  let loss = 0;
  const right: boolean[] = [];
  for (const indices of pieces(subset.indices, BATCH)) {
    await setImmediate();
    signal.throwIfAborted();
    const [batchLoss, batchRight] = tf.tidy(() => {
      const { xs, ys } = toBatch(subset.of, indices);
      const logits = logitsOf(model, xs);
      return [crossEntropy(ys, logits).dataSync()[0]!, rightAnswers(ys, logits).dataSync()] as const;
    });
    loss += batchLoss * indices.length;
    for (const isRight of batchRight) right.push(isRight === 1);
  }
  return { loss: loss / right.length, accuracy: right.filter(Boolean).length / right.length, right };
}
