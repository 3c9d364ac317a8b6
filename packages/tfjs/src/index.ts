/**
 * Sharpness-aware training for TensorFlow.js: one line around any `tf.train` optimizer.
 *
 * @packageDocumentation
 */
export { tensors } from './algebra.ts';
export { SharpnessAwareOptimizer, type SharpnessAwareOptions, sharpnessAware } from './sharpness-aware.ts';
export { WeightDecayOptimizer, type WeightDecayOptions, weightDecay } from './weight-decay.ts';
export {
  type Gradients,
  type LossAndGradients,
  type OrderedGradient,
  WrappingOptimizer,
} from './wrapping-optimizer.ts';
