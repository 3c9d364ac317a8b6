import type * as tf from '@tensorflow/tfjs-core';
import { type Binding, NativeOperations, type Output } from './native-operations.ts';

/** Of the addon's backend what is used here; it is no part of the types of TensorFlow.js. */
interface NativeBackend {
  readonly binding: Binding;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(output: Output): tf.Tensor;
}

/** What a kernel over a list of tensors is given: its inputs' names are their places. */
interface ListCall {
  readonly inputs: tf.NamedTensorInfoMap | undefined;
  readonly backend: unknown;
}

function norm({ inputs, backend }: ListCall): tf.TensorInfo {
  const native = backend as NativeBackend;
  const tensors = Object.values(inputs!) as tf.TensorInfo[];
  const ids = native.getInputTensorIds(tensors);
  const operations = new NativeOperations(native.binding);
  return native.createOutputTensor(operations.norm(tensors.map(({ shape }, k) => ({ id: ids[k]!, shape }))));
}

function addScaled({ inputs, backend }: ListCall): tf.TensorInfo[] {
  const native = backend as NativeBackend;
  const ids = native.getInputTensorIds(Object.values(inputs!) as tf.TensorInfo[]);
  const count = (ids.length - 1) / 2;
  const factor = ids.at(-1)!;
  const operations = new NativeOperations(native.binding);
  return ids.slice(0, count).map((a, k) => native.createOutputTensor(operations.addScaled(a, factor, ids[count + k]!)));
}

/**
 * Gives the native addon the kernels over lists of tensors that `@flatmin/tfjs` asks for. What costs there is each call of
 * TensorFlow.js, some times as much as the operation of TensorFlow in it. A second call changes nothing.
 */
export async function registerNativeFused(): Promise<void> {
  const { getKernel, registerKernel } = await import('@tensorflow/tfjs-core');
  const kernels = { FlatminNorm: norm, FlatminAddScaled: addScaled };
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    if (getKernel(kernelName, 'tensorflow') !== undefined) continue;
    registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
}
