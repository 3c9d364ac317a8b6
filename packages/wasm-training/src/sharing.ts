import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';
import { betterKernel, type KernelCall, type TrainingKernel } from './kernel.ts';

/**
 * A tensor as it is: the same data, counted once more, as on the cpu backend. The backend's own kernel copies it; a step
 * of training has some forty such copies, for every tensor that a gradient needs later is one.
 */
export const identity: TrainingKernel = betterKernel(
  'Identity',
  ({ inputs: { x } }: KernelCall<'x', object>) => x.dtype !== 'string',
  ({ inputs: { x }, backend }) => shared(x, backend),
);

/** A cast to the type that the tensor has already; the backend's own kernel copies here too. */
export const cast: TrainingKernel = betterKernel(
  'Cast',
  ({ inputs: { x }, attrs }: KernelCall<'x', tf.CastAttrs>) => x.dtype === attrs.dtype && x.dtype !== 'string',
  ({ inputs: { x }, backend }) => shared(x, backend),
);

function shared({ dataId, shape, dtype }: tf.TensorInfo, backend: BackendWasm): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
