import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels, unregisterTrainingKernels } from './index.ts';
import './testing/run-kernel.ts';

beforeAll(async () => {
  registerTrainingKernels();
  await tf.setBackend('wasm');
});

afterAll(() => {
  unregisterTrainingKernels();
});

describe('a clone, and a cast to the same type,', () => {
  it.each([
    { what: 'clone', copy: (x: tf.Tensor) => tf.clone(x) },
    { what: 'cast', copy: (x: tf.Tensor) => tf.cast(x, 'float32') },
  ])('shares its data with the tensor, whichever is disposed of first: $what', ({ copy }) => {
    const before = tf.engine().backend.numDataIds();
    const [x, y] = [tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 5, 6])];
    const [first, second] = [copy(x), copy(y)];
    expect(tf.engine().backend.numDataIds()).toBe(before + 2);
    x.dispose();
    // Would write over the memory of x, had that been freed.
    const other = tf.fill([3], 9);
    expect([...first.dataSync()]).toEqual([1, 2, 3]);
    second.dispose();
    expect([...y.dataSync()]).toEqual([4, 5, 6]);
    tf.dispose([first, y, other]);
    expect(tf.engine().backend.numDataIds()).toBe(before);
  });

  it('keeps its values when the variable that it was made of is assigned others', () => {
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const saved = variable.clone();
    variable.assign(tf.tensor1d([3, 4]));
    expect([...saved.dataSync()]).toEqual([1, 2]);
    tf.dispose([variable, saved]);
  });

  it('of strings, and a cast to another type, are the backend’s own', () => {
    expect(tf.clone(tf.tensor1d(['a', 'b'])).dataSync()).toEqual(['a', 'b']);
    expect([...tf.cast(tf.tensor1d([1.5, -2.5]), 'int32').dataSync()]).toEqual([1, -2]);
  });
});
