import * as tf from '@tensorflow/tfjs-core';

/** Images of one size with their labels, bytes as they come in the files. */
export interface LabelledImages {
  /** [height, width, channels] */
  readonly shape: readonly [number, number, number];
  readonly classes: number;
  /** Pixels 0 … 255, image after image. */
  readonly pixels: Uint8Array;
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

/**
 * The images at `indices` as tensors. Normalisation: pixel / 255, so [0, 1], nothing else. The caller
 * disposes them.
 */
export function toBatch(images: LabelledImages, indices: Uint32Array): Batch {
  const { shape, classes, pixels, labels } = images;
  const size = shape[0] * shape[1] * shape[2];
  const xs = new Float32Array(indices.length * size);
  const ys = new Float32Array(indices.length * classes);
  indices.forEach((index, row) => {
    for (let pixel = 0; pixel < size; pixel++) xs[row * size + pixel] = pixels[index * size + pixel]! / 255;
    ys[row * classes + labels[index]!] = 1;
  });
  return {
    xs: tf.tensor4d(xs, [indices.length, ...shape]),
    ys: tf.tensor2d(ys, [indices.length, classes]),
  };
}

/** The subset in consecutive pieces of `size` positions; the last may be shorter. */
export function* pieces(indices: Uint32Array, size: number): Generator<Uint32Array> {
  for (let start = 0; start < indices.length; start += size) yield indices.subarray(start, start + size);
}
