import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of all operations, which the core alone does not.
import '@tensorflow/tfjs-layers';

/** The backends that the tests run on. */
export const engines = ['cpu', 'wasm'] as const;

/** Sets a backend and waits until it is ready. */
export async function use(engine: (typeof engines)[number]): Promise<void> {
  tf.enableProdMode(); // silences the hint to install the native addon
  await tf.setBackend(engine);
  await tf.ready();
}
