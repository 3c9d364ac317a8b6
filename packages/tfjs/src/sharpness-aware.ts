import type { Variant } from '@flatmin/core';
import type * as tf from '@tensorflow/tfjs-core';
import { SharpnessAwareOptimizer } from './sharpness-aware-optimizer.ts';
import type { SharpnessAwareOptions } from './sharpness-aware-options.ts';

/**
 * Makes any `tf.train` optimizer sharpness-aware: works in `model.compile` and `fit`, `fitDataset`,
 * `trainOnBatch`, `minimize`, and a loop of `computeGradients` and `applyGradients`.
 *
 * The loss closure is run at each evaluation of the variant. The loss and metrics returned are those of the
 * step's first; BatchNorm's statistics move once a step; the passes of a step share their dropout masks. Where
 * tfjs-layers is loaded lazily, load it before: its models are known only then.
 *
 * @param base any `tf.train` optimizer, or a wrapper around one
 * @param variant a member of the SAM family, such as `sam({ rho: 0.05 })`
 * @throws TypeError, RangeError for arguments that make no sense
 * @throws Error for a variant that needs more than one loss of one batch
 * @example
 * ```ts
 * model.compile({
 *   optimizer: sharpnessAware(tf.train.momentum(0.1, 0.9), sam({ rho: 0.05 })),
 *   loss: 'categoricalCrossentropy',
 *   metrics: ['accuracy'],
 * });
 * await model.fit(xs, ys);
 * ```
 */
export function sharpnessAware(
  base: tf.Optimizer,
  variant: Variant,
  options: SharpnessAwareOptions = {},
): SharpnessAwareOptimizer {
  return new SharpnessAwareOptimizer(base, variant, options);
}
