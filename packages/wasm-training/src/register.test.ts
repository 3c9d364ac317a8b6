import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';
import { registerTrainingKernels, unregisterTrainingKernels } from './index.ts';

const added = [
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'UnsortedSegmentSum',
  'FlatminNorm',
  'FlatminAddScaled',
  'FlatminReluGrad',
];
const replaced = [
  'Conv2DBackpropInput',
  'MaxPoolGrad',
  'Sum',
  'Identity',
  'Cast',
  'BatchMatMul',
  'Conv2D',
  'FusedConv2D',
];

const kernelsOf = (backendName: string) =>
  new Map(tf.getKernelsForBackend(backendName).map((kernel) => [kernel.kernelName, kernel]));
const stock = kernelsOf('wasm');
const stockGradient = tf.getGradient('Relu');

const gradients = () =>
  tf.tidy(() => {
    const loss = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.sum(tf.sum(tf.maxPool(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), 2, 2, 'valid'), -1));
    return tf
      .grads(loss)([tf.ones([1, 2, 2, 1]), tf.ones([1, 1, 1, 1])])
      .map((gradient) => [...gradient.dataSync()]);
  });

afterEach(() => {
  unregisterTrainingKernels();
});

describe('registering the kernels', () => {
  it('works before the backend is initialised, and the kernels replaced still serve what they are needed for', async () => {
    registerTrainingKernels();
    await tf.setBackend('wasm');
    expect(gradients()).toEqual([[1, 0, 0, 0], [1]]);
  });

  it('works after the backend is initialised, and again after it was undone', async () => {
    await tf.setBackend('wasm');
    registerTrainingKernels();
    expect(gradients()).toEqual([[1, 0, 0, 0], [1]]);
    unregisterTrainingKernels();
    expect(gradients).toThrow("Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'");
    registerTrainingKernels();
    expect(gradients()).toEqual([[1, 0, 0, 0], [1]]);
  });

  it('tells what it did, and the second time does nothing', () => {
    const first = registerTrainingKernels();
    expect(first).toEqual([
      ...added.map((kernel) => ({ kernel, action: 'added' })),
      ...replaced.map((kernel) => ({ kernel, action: 'replaced' })),
    ]);
    const kernels = kernelsOf('wasm');
    expect(registerTrainingKernels()).toEqual(first.map(({ kernel }) => ({ kernel, action: 'kept' })));
    expect(kernelsOf('wasm')).toEqual(kernels);
  });

  it('keeps a kernel that TensorFlow.js has of its own', () => {
    const own: tf.KernelConfig = { ...stock.get('Sum')!, kernelName: 'UnsortedSegmentSum' };
    tf.registerKernel(own);
    expect(registerTrainingKernels()).toContainEqual({ kernel: 'UnsortedSegmentSum', action: 'kept' });
    unregisterTrainingKernels();
    expect(tf.getKernel('UnsortedSegmentSum', 'wasm')).toBe(own);
    tf.unregisterKernel('UnsortedSegmentSum', 'wasm');
  });

  it('is undone without a trace', () => {
    registerTrainingKernels();
    unregisterTrainingKernels();
    expect(kernelsOf('wasm')).toEqual(stock);
    expect(tf.getGradient('Relu')).toBe(stockGradient);
    expect(tf.getGradient('FlatminReluGrad')).toBeUndefined();
    unregisterTrainingKernels();
    expect(kernelsOf('wasm')).toEqual(stock);
    expect(tf.getGradient('Relu')).toBe(stockGradient);
  });

  it('is undone without taking away what somebody registered after it', () => {
    registerTrainingKernels();
    const theirs: tf.KernelConfig = { ...stock.get('Sum')! };
    tf.unregisterKernel('Sum', 'wasm');
    tf.registerKernel(theirs);
    const theirGradient = { ...tf.getGradient('Relu') };
    tf.registerGradient(theirGradient);
    unregisterTrainingKernels();
    expect(tf.getKernel('Sum', 'wasm')).toBe(theirs);
    expect(tf.getGradient('Relu')).toBe(theirGradient);
    tf.registerGradient(stockGradient);
    tf.unregisterKernel('Sum', 'wasm');
    tf.registerKernel(stock.get('Sum')!);
  });

  it('refuses to register on a backend that is not there, and says what to import', () => {
    const factory = tf.findBackendFactory('wasm');
    tf.removeBackend('wasm');
    expect(registerTrainingKernels).toThrow("import '@tensorflow/tfjs-backend-wasm' before the call");
    tf.registerBackend('wasm', factory);
  });
});
