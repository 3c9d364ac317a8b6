import * as tf from '@tensorflow/tfjs-core';

/** A TensorFlow.js backend by name. */
export interface BackendEntry {
  /** One line for the help. */
  readonly description: string;
  /** Imports the backend, which registers itself, and whatever it needs to train. */
  readonly load: () => Promise<void>;
}

/** The backends by the name that `--backend` takes; each is imported only when it is asked for. */
export const backends: ReadonlyMap<string, BackendEntry> = new Map<string, BackendEntry>([
  [
    'wasm',
    {
      description: 'WebAssembly, with the gradient kernels of @flatmin/wasm-training',
      load: async () => {
        await import('@tensorflow/tfjs-backend-wasm');
        const { registerTrainingKernels } = await import('@flatmin/wasm-training');
        registerTrainingKernels();
      },
    },
  ],
  [
    'cpu',
    {
      description: 'plain JavaScript, very slow: for checks',
      load: async () => {
        await import('@tensorflow/tfjs-backend-cpu');
      },
    },
  ],
]);

/** Makes a backend the one in use. Production mode also silences the greeting and the advice to install another backend. */
export async function useBackend(name: string): Promise<void> {
  tf.enableProdMode();
  await backends.get(name)?.load();
  if (!(await tf.setBackend(name))) throw new Error(`--backend ${name} does not start on this machine`);
}
