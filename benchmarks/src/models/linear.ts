import * as tf from '@tensorflow/tfjs-layers';
import { layerSeeds } from './layer-seeds.ts';
import type { ModelInput } from './model.ts';

/** One dense layer from the pixels to the logits: (h w c + 1)k parameters. */
export function linear({ shape, classes, seed }: ModelInput): tf.Sequential {
  const kernelInitializer = tf.initializers.heNormal({ seed: layerSeeds(seed)() });
  return tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [...shape] }), tf.layers.dense({ units: classes, kernelInitializer })],
  });
}
