import * as tf from '@tensorflow/tfjs-core';

/** The most bytes of tensors that are alive at once while a function runs, above those before. */
export function peakBytes(f: () => void): number {
  const { state } = tf.engine() as unknown as { state: { numBytes: number } };
  const before = state.numBytes;
  let [now, most] = [before, before];
  Object.defineProperty(state, 'numBytes', {
    configurable: true,
    enumerable: true,
    get: () => now,
    set: (bytes: number) => {
      now = bytes;
      most = Math.max(most, bytes);
    },
  });
  try {
    f();
  } finally {
    Object.defineProperty(state, 'numBytes', { configurable: true, enumerable: true, writable: true, value: now });
  }
  return most - before;
}
