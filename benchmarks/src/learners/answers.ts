import * as tf from '@tensorflow/tfjs-core';
import { rightAnswers } from '../models/model.ts';

/** A network's answers to the images of a batch: those to each image the first time that it is seen in a step. */
export class Answers {
  /** How many images the batch has. */
  readonly images: number;
  readonly #right: tf.Scalar[] = [];
  #seen = 0;

  constructor(images: number) {
    this.images = images;
  }

  /** Takes the answers to the whole batch, or to its next part; nothing once all images were seen. */
  judge(ys: tf.Tensor, logits: tf.Tensor): void {
    if (this.#seen >= this.images) return;
    this.#seen += ys.shape[0]!;
    this.#right.push(tf.keep(tf.tidy(() => tf.sum<tf.Scalar>(rightAnswers(ys, logits)))));
  }

  /** The share of right ones. */
  async accuracy(): Promise<number> {
    const counts = await Promise.all(this.#right.map((count) => count.data()));
    return counts.reduce((sum, [count]) => sum + count!, 0) / this.#seen;
  }

  /** Frees what it holds. */
  dispose(): void {
    tf.dispose(this.#right);
  }
}
