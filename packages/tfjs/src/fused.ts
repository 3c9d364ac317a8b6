import * as tf from '@tensorflow/tfjs-core';

/**
 * Kernels over lists of tensors, of any shapes, that a backend may be given beside its own: one launch in place of some for
 * each tensor. A package registers them under these names; where there are none, {@link tensors} composes TensorFlow.js's.
 *
 * - `FlatminNorm`: inputs x₀ … xₙ; output √Σx² over all elements, a scalar, right wherever it can be written and not finite
 *   where an element is not.
 * - `FlatminAddScaled`: inputs a₀ … aₙ, b₀ … bₙ, f; outputs aᵢ + f·bᵢ, the product rounded before the sum. aᵢ has the shape of
 *   bᵢ, f is a scalar.
 *
 * All are float32.
 */
type FusedKernel = 'FlatminNorm' | 'FlatminAddScaled';

/** Runs a kernel of flatmin's on tensors, where the backend in use has it and they are of floats. */
export function runFused(kernel: FusedKernel, inputs: readonly tf.Tensor[]): tf.Tensor[] | undefined {
  if (tf.getKernel(kernel, tf.getBackend()) === undefined) return undefined;
  if (inputs.length === 0 || inputs.some(({ dtype }) => dtype !== 'float32')) return undefined;
  // A list, as for TensorFlow.js's own `Concat`: names are its places.
  const output: unknown = tf.engine().runKernel(kernel, inputs as unknown as tf.NamedTensorMap);
  return Array.isArray(output) ? (output as tf.Tensor[]) : [output as tf.Tensor];
}
