import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers'; // brings the gradients of TensorFlow.js
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { registerTrainingKernels, unregisterTrainingKernels } from './index.ts';

const pairs = fc.array(fc.tuple(fc.float(), fc.float()), { minLength: 1, maxLength: 20 });

/** What Σ relu(x)·dy has for gradients by x, and Σ of these · z by dy. */
function derivatives(xs: readonly number[], dys: readonly number[]): Float32Array[] {
  return tf.tidy(() => {
    const [x, dy] = [tf.tensor1d([...xs]), tf.tensor1d([...dys])];
    const first = (of: tf.Tensor, by: tf.Tensor): tf.Tensor => tf.grad((at) => tf.sum(tf.mul(tf.relu(at), by)))(of);
    const second = tf.grad((by) => tf.sum(tf.mul(first(x, by), 3)))(dy);
    return [first(x, dy), second].map((tensor) => tensor.dataSync() as Float32Array);
  });
}

afterEach(unregisterTrainingKernels);

describe.each([{ simd: true }, { simd: false }])('the gradient of ReLU, with $simd for simd,', (options) => {
  it('is bit for bit that of a step and a product, as is its own gradient, for NaN and infinities too', async () => {
    await tf.setBackend('wasm');
    fc.assert(
      fc.property(pairs, (given) => {
        const [x, dy] = [given.map(([value]) => value), given.map(([, value]) => value)];
        unregisterTrainingKernels();
        const wanted = derivatives(x, dy);
        registerTrainingKernels(options);
        expect(derivatives(x, dy)).toEqual(wanted);
      }),
    );
  });

  it('is one kernel, and leaves what it was given as it is', async () => {
    registerTrainingKernels(options);
    await tf.setBackend('wasm');
    const [x, dy] = [tf.tensor2d([[-1, 2, 0, 3, 4]]), tf.tensor2d([[10, 20, 30, 40, 50]])];
    const gradient = tf.grad((at: tf.Tensor) => tf.relu(at));
    const { kernelNames, result } = await tf.profile(() => gradient(x, dy));
    expect(kernelNames).toContain('FlatminReluGrad');
    expect(kernelNames).not.toContain('Step');
    expect((result as tf.Tensor).arraySync()).toEqual([[0, 20, 0, 40, 50]]);
    expect(x.arraySync()).toEqual([[-1, 2, 0, 3, 4]]);
    expect(dy.arraySync()).toEqual([[10, 20, 30, 40, 50]]);
    tf.dispose([x, dy, result as tf.Tensor]);
  });

  it('stays what it was on other backends', async () => {
    registerTrainingKernels(options);
    await tf.setBackend('cpu');
    expect(derivatives([-1, 2], [5, 6])).toEqual([Float32Array.of(0, 6), Float32Array.of(0, 3)]);
  });
});
