import * as tf from '@tensorflow/tfjs-layers';
import { layerSeeds } from './layer-seeds.ts';
import type { ModelInput } from './model.ts';

/**
 * Four 3 × 3 convolutions with ReLU, `width`, `width`, pool, 2 `width`, 2 `width`, pool, and one dense
 * layer to the logits. Padding keeps the size; biases start at zero, weights as He et al. (2015) say,
 * drawn from the seed.
 *
 * Parameters, for an image of h × w × c and k classes:
 * (9c + 1)W + (9W + 1)W + (9W + 1)2W + (18W + 1)2W + (⌊h/4⌋⌊w/4⌋2W + 1)k
 */
export function conv4(width: number, { shape, classes, seed }: ModelInput): tf.Sequential {
  const seeds = layerSeeds(seed);
  const convolution = (filters: number, extra: { inputShape?: number[] } = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed: seeds() }),
      ...extra,
    });
  return tf.sequential({
    layers: [
      convolution(width, { inputShape: [...shape] }),
      convolution(width),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      convolution(2 * width),
      convolution(2 * width),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: classes, kernelInitializer: tf.initializers.heNormal({ seed: seeds() }) }),
    ],
  });
}
