import * as tf from '@tensorflow/tfjs-core';

/** A tensor of floats on the host. */
export type HostTensor = {
  readonly shape: readonly number[];
  /** Row by row. */
  readonly values: Float32Array;
};

/** What a tensor holds; the values may be its own, so they are not to be changed. */
export async function hostTensor(tensor: tf.Tensor): Promise<HostTensor> {
  return { shape: [...tensor.shape], values: await tensor.data<'float32'>() };
}

/** A fresh tensor of the same. */
export function deviceTensor({ shape, values }: HostTensor): tf.Tensor {
  return tf.tensor(values, [...shape], 'float32');
}
