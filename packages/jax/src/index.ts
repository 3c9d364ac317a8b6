/**
 * Sharpness-aware training for jax-js: one optimizer around any loss function written with its arrays.
 *
 * @packageDocumentation
 */
export { arrays } from './algebra.ts';
export { type LossAndGradientArrays, lossAndGradient } from './loss-and-gradient.ts';
export type { HostArray, SavedState } from './saved-state.ts';
export { SharpnessAwareOptimizer, sharpnessAware } from './sharpness-aware.ts';
