import * as core from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';
import { SharpnessAwareOptimizer } from './sharpness-aware-optimizer.ts';
import { WeightDecayOptimizer } from './weight-decay.ts';

/**
 * Makes it possible to load models that were saved with `includeOptimizer`: TensorFlow.js learns the optimizers of this
 * package, and they the variants named here.
 *
 * @param makers the functions that make the variants
 * @throws TypeError for what is no function
 * @example
 * ```ts
 * await model.save('localstorage://flat', { includeOptimizer: true });
 * useVariants(sam);
 * const again = await tf.loadLayersModel('localstorage://flat'); // compiled; fit goes on where it stood
 * ```
 */
export function useVariants(...makers: readonly core.VariantMaker[]): void {
  core.useVariants(...makers);
  tf.serialization.registerClass(SharpnessAwareOptimizer);
  tf.serialization.registerClass(WeightDecayOptimizer);
}
