import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A kernel's input as a float32 tensor that the enclosing `tf.tidy` may dispose.
 *
 * The engine hands tensors to a kernel, other kernels bare `TensorInfo`. A new tensor over the same data is right for
 * both, given a reference of its own: without one, disposing it would free the caller's data.
 */
export function floatTensor<R extends tf.Rank>(info: tf.TensorInfo, backend: BackendWasm): tf.Tensor<R> {
  backend.incRef(info.dataId);
  const tensor = tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor<R>;
  return info.dtype === 'float32' ? tensor : tf.cast(tensor, 'float32');
}

/** A new float32 tensor whose values are still to be written. */
export function allocate<R extends tf.Rank>(shape: tf.ShapeMap[R], backend: BackendWasm): tf.Tensor<R> {
  return tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, 'float32')) as tf.Tensor<R>;
}

/**
 * The values of a float32 tensor where they lie in the backend's memory.
 *
 * Take a view after the last allocation, for memory that grows leaves earlier views empty. Write only to a tensor
 * that no operation has seen: XNNPACK keeps packed copies of filters and of right-hand matrices.
 */
export function view(info: tf.TensorInfo, backend: BackendWasm): Float32Array {
  return backend.typedArrayFromHeap(info) as Float32Array;
}

/** The values of `source` from `start` on, as a new tensor. (`tf.slice` would first copy all of the source.) */
export function copyOf<R extends tf.Rank>(
  source: tf.Tensor,
  start: number,
  shape: tf.ShapeMap[R],
  backend: BackendWasm,
): tf.Tensor<R> {
  const copy = allocate<R>(shape, backend);
  view(copy, backend).set(view(source, backend).subarray(start, start + copy.size));
  return copy;
}
