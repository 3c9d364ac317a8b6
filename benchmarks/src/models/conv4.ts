import * as tf from '@tensorflow/tfjs-layers';
import { batchNormalization } from './batch-normalization.ts';
import { layerSeeds } from './layer-seeds.ts';
import type { ModelInput } from './model.ts';

/** What of {@link conv4} can be chosen. */
export interface Conv4Options {
  /** Filters of the first two convolutions; the other two have twice as many. */
  readonly width: number;
  /** Whether a batch normalisation stands between each convolution, then without a bias, and its ReLU. */
  readonly normalised?: boolean;
}

/**
 * Four 3 × 3 convolutions with ReLU, `width`, `width`, pool, 2 `width`, 2 `width`, pool, and one dense
 * layer to the logits. Padding keeps the size; biases start at zero, weights as He et al. (2015) say,
 * drawn from the seed.
 *
 * Parameters, for an image of h × w × c and k classes:
 * (9c + 1)W + (9W + 1)W + (9W + 1)2W + (18W + 1)2W + (⌊h/4⌋⌊w/4⌋2W + 1)k; normalised 18W more, of which 24W are
 * γ, β, running means and variances in place of 6W biases.
 */
export function conv4(
  { width, normalised = false }: Conv4Options,
  { shape, classes, seed }: ModelInput,
): tf.Sequential {
  const seeds = layerSeeds(seed);
  const convolution = (filters: number, extra: { inputShape?: number[] } = {}): tf.layers.Layer[] => {
    const options = {
      filters,
      kernelSize: 3,
      padding: 'same',
      kernelInitializer: tf.initializers.heNormal({ seed: seeds() }),
      ...extra,
    } as const;
    // A ReLU of its own lets TensorFlow.js fuse the convolution with its bias in training too. What is fused computes the
    // gradient by its input whether asked or not, which for the images nobody asks.
    if (!normalised && extra.inputShape) return [tf.layers.conv2d({ ...options, activation: 'relu' })];
    if (!normalised) return [tf.layers.conv2d(options), tf.layers.reLU()];
    return [tf.layers.conv2d({ ...options, useBias: false }), batchNormalization(), tf.layers.reLU()];
  };
  return tf.sequential({
    layers: [
      ...convolution(width, { inputShape: [...shape] }),
      ...convolution(width),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      ...convolution(2 * width),
      ...convolution(2 * width),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: classes, kernelInitializer: tf.initializers.heNormal({ seed: seeds() }) }),
    ],
  });
}
