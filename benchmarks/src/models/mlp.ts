import * as tf from '@tensorflow/tfjs-layers';
import { layerSeeds } from './layer-seeds.ts';
import type { ModelInput } from './model.ts';

/** What of {@link mlp} can be chosen. */
export interface MlpOptions {
  /** Hidden layers. */
  readonly layers: number;
  /** Units of each. */
  readonly width: number;
}

/**
 * Dense layers with ReLU, all of one width, and one to the logits: many small operations, so that what a step costs is how
 * fast an engine can be asked.
 *
 * Parameters, for h × w × c pixels, k classes and L layers of width W: (hwc + 1)W + (L − 1)(W + 1)W + (W + 1)k.
 */
export function mlp({ layers, width }: MlpOptions, { shape, classes, seed }: ModelInput): tf.Sequential {
  const seeds = layerSeeds(seed);
  const dense = (units: number, activation: 'relu' | 'linear'): tf.layers.Layer =>
    tf.layers.dense({ units, activation, kernelInitializer: tf.initializers.heNormal({ seed: seeds() }) });
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [...shape] }),
      ...Array.from({ length: layers }, () => dense(width, 'relu')),
      dense(classes, 'linear'),
    ],
  });
}
