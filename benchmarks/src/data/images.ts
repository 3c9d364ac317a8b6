import * as tf from '@tensorflow/tfjs-core';
import { normalisedPixels, type PixelImages } from './pixels.ts';

/** Images of one size with their labels, bytes as they come in the files. */
export interface LabelledImages extends PixelImages {
  readonly classes: number;
  /** One class a byte. */
  readonly labels: Uint8Array;
}

/** Some images of a set, by position. */
export interface Subset {
  readonly of: LabelledImages;
  readonly indices: Uint32Array;
}

/** A batch for the network: pixels [n, height, width, channels] and one-hot labels [n, classes]. */
export interface Batch {
  readonly xs: tf.Tensor4D;
  readonly ys: tf.Tensor2D;
}

/** The first `count` images of a subset, or all where it holds fewer. */
export function first(count: number, subset: Subset): Subset {
  return { of: subset.of, indices: subset.indices.subarray(0, count) };
}

/** Every image of a set, in its order. */
export function all(of: LabelledImages): Subset {
  return { of, indices: Uint32Array.from(of.labels, (_, index) => index) };
}

/** The images at `indices` as tensors: {@link normalisedPixels} and their labels. The caller disposes them. */
export function toBatch(images: LabelledImages, indices: Uint32Array): Batch {
  return batchOf(images, indices, normalisedPixels(images, indices));
}

/** A batch of what has become of the images at `indices`. The caller disposes it. */
export function batchOf({ shape, classes, labels }: LabelledImages, indices: Uint32Array, pixels: Float32Array): Batch {
  const answers = new Float32Array(indices.length * classes);
  indices.forEach((index, row) => {
    answers[row * classes + labels[index]!] = 1;
  });
  return {
    xs: tf.tensor4d(pixels, [indices.length, ...shape]),
    ys: tf.tensor2d(answers, [indices.length, classes]),
  };
}

/** The subset in consecutive pieces of `size` positions; the last may be shorter. */
export function* pieces(indices: Uint32Array, size: number): Generator<Uint32Array> {
  for (let start = 0; start < indices.length; start += size) yield indices.subarray(start, start + size);
}
