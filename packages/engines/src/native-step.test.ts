import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { availability, openEngine } from './index.ts';
import { registerNativeStep } from './native-step.ts';

const values = [-1, 0, -0, 2, 1e-37, -1e30, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

/** A made-up backend that counts what its kernels are asked. */
function madeUp() {
  const asked: string[] = [];
  tf.registerBackend('tensorflow', () => ({}) as tf.KernelBackend);
  tf.registerKernel({
    kernelName: tf.Step,
    backendName: 'tensorflow',
    kernelFunc: () => {
      asked.push('stock');
      return [];
    },
  });
  const backend = {
    executeSingleInput: (kernel: string) => {
      asked.push(kernel);
      return { dispose: () => asked.push(`dispose ${kernel}`) };
    },
  };
  const step = (dtype: tf.DataType, alpha: number) => {
    const { kernelFunc } = tf.getKernel(tf.Step, 'tensorflow')!;
    const x = { dataId: {}, shape: [1], dtype };
    kernelFunc({ inputs: { x }, backend, attrs: { alpha } });
    return asked.splice(0);
  };
  return { step };
}

describe('on a made-up backend', () => {
  afterEach(() => {
    if (tf.getKernel(tf.Step, 'tensorflow')) tf.unregisterKernel(tf.Step, 'tensorflow');
    if (tf.findBackendFactory('tensorflow')) tf.removeBackend('tensorflow');
  });

  test('the step of floats to zero and one is the sign of ReLU; every other stays with the addon', async () => {
    const { step } = madeUp();
    await registerNativeStep();
    expect(step('float32', 0)).toEqual(['Relu', 'Sign', 'dispose Relu']);
    expect(step('float32', 0.2)).toEqual(['stock']);
    expect(step('int32', 0)).toEqual(['stock']);
  });

  test('a second call changes nothing', async () => {
    madeUp();
    await registerNativeStep();
    const once = tf.getKernel(tf.Step, 'tensorflow');
    await registerNativeStep();
    expect(tf.getKernel(tf.Step, 'tensorflow')).toBe(once);
  });

  test('without the addon there is nothing to do', async () => {
    await registerNativeStep();
    expect(tf.getKernel(tf.Step, 'tensorflow')).toBeUndefined();
  });
});

const native = (await availability()).find(({ name }) => name === 'tensorflow')!.available;

describe.runIf(native)('on the native addon', () => {
  beforeAll(() => openEngine('tensorflow'));

  test.each([0, 0.25])('the step with alpha %s has its values, and leaves nothing behind', (alpha) => {
    const x = tf.tensor1d(values);
    const before = tf.memory().numTensors;
    const y = tf.step(x, alpha);
    expect(tf.memory().numTensors).toBe(before + 1);
    const expected = [...x.dataSync()].map((value) => (value > 0 ? 1 : Number.isNaN(value) ? value : alpha));
    // sign(-0) is -0, which is 0 to every reader but Object.is
    expect([...y.dataSync()].map((value) => value + 0)).toEqual(expected);
    expect(y.dtype).toBe('float32');
  });
});
