import * as tf from '@tensorflow/tfjs-core';

/** What TensorFlow.js counts of what is alive. */
export type Memory = Readonly<Record<'numTensors' | 'numDataBuffers' | 'numBytes', number>>;

/** Tensors, buffers and bytes that are alive. */
export const memory = (): Memory => {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  return { numTensors, numDataBuffers, numBytes };
};
