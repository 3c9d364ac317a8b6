import * as tf from '@tensorflow/tfjs-core';

/**
 * A second handle on the same data, to be disposed of on its own. `tf.clone` is one on most backends, but the
 * WebAssembly backend copies.
 */
export function handle<T extends tf.Tensor>(tensor: T): T {
  bringHere(tensor);
  tf.backend().incRef(tensor.dataId);
  return tf.engine().makeTensorFromTensorInfo(tensor) as T;
}

/** Has a variable share a tensor's data, without a copy. */
export function assign(variable: tf.Variable, tensor: tf.Tensor): void {
  bringHere(tensor);
  variable.assign(tensor);
}

// TensorFlow.js counts handles in the backend that is set, though the data may lie in another, set before: counted
// nowhere, it would be freed under whoever holds the second handle.
function bringHere({ dataId }: tf.Tensor): void {
  const backend = tf.backend();
  if (backend.refCount(dataId) === 0) tf.engine().moveData(backend, dataId);
}
