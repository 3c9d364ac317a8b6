import * as tf from '@tensorflow/tfjs-core';
import { EPSILON, type Passes } from './batch-normalization-passes.ts';

/** Of the native addon's backend what is used here; it is no part of the types of TensorFlow.js. */
interface NativeBackend {
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT', number>
  >;
  executeMultipleOutputs(
    kernel: string,
    attributes: readonly { readonly name: string; readonly type: number; readonly value: unknown }[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/** TensorFlow's own two kernels, which its addon has and TensorFlow.js does not use for training. For images [n, h, w, c]. */
export const nativePasses: Passes = {
  forward(x, gamma, beta) {
    const none = tf.tensor1d([]);
    const [y, mean, unbiased, ...saved] = execute('FusedBatchNorm', [x, gamma, beta, none, none]);
    const count = x.size / gamma.size;
    return { y: y!, mean: mean!, variance: tf.mul(unbiased!, (count - 1) / count), saved };
  },
  backward: (dy, x, gamma, saved) => execute('FusedBatchNormGrad', [dy, x, gamma, ...saved]).slice(0, 3),
};

function execute(kernel: string, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const backend = tf.backend() as unknown as NativeBackend;
  const { TF_ATTR_TYPE, TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: EPSILON },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: TF_ATTR_BOOL, value: true },
  ];
  return backend.executeMultipleOutputs(kernel, attributes, inputs, 5);
}
