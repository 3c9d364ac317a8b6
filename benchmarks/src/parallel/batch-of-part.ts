import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../data/images.ts';
import type { ModelInput } from '../models/model.ts';
import type { ImagePart } from './parallel-model.ts';

/** Tensors of a worker's part of a batch. */
export function batchOfPart(
  { pixels, labels }: ImagePart,
  { shape, classes }: Pick<ModelInput, 'shape' | 'classes'>,
): Batch {
  return {
    xs: tf.tensor4d(pixels, [labels.length, ...shape]),
    ys: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), classes), 'float32') as tf.Tensor2D),
  };
}
