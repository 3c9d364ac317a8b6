import * as tf from '@tensorflow/tfjs-core';

/**
 * A second handle on the same data, to be disposed of on its own. `tf.clone` is one on most backends, but the
 * WebAssembly backend copies.
 */
export function handle<T extends tf.Tensor>(tensor: T): T {
  tf.backend().incRef(tensor.dataId);
  return tf.engine().makeTensorFromTensorInfo(tensor) as T;
}
