import type * as tf from '@tensorflow/tfjs-core';

/** Of the native addon's backend what is used here; it is no part of the types of TensorFlow.js. */
interface NativeBackend {
  executeSingleInput(kernel: string, input: tf.TensorInfo): tf.Tensor;
}

/** Those that were registered here. */
const ours = new WeakSet<tf.KernelConfig>();

/**
 * Gives the native addon a faster `Step`, which is all of ReLU's gradient but a product: sign(max(x, 0)), two kernels in
 * place of six. It has the same values, NaN for NaN too. A second call changes nothing.
 */
export async function registerNativeStep(): Promise<void> {
  const { getKernel, registerKernel, Step, unregisterKernel } = await import('@tensorflow/tfjs-core');
  const stock = getKernel(Step, 'tensorflow');
  if (stock === undefined || ours.has(stock)) return;
  const step: tf.KernelConfig = {
    ...stock,
    kernelFunc(params) {
      const { inputs, attrs } = params;
      const x = inputs['x']!;
      if (x.dtype !== 'float32' || attrs?.['alpha'] !== 0) return stock.kernelFunc(params);
      const backend = params.backend as NativeBackend;
      const positive = backend.executeSingleInput('Relu', x);
      const result = backend.executeSingleInput('Sign', positive);
      positive.dispose();
      return result;
    },
  };
  ours.add(step);
  unregisterKernel(Step, 'tensorflow');
  registerKernel(step);
}
