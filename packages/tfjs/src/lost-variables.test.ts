import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { memory } from './testing/memory.ts';
import { smoothed } from './testing/needy-variants.ts';

const starts = [[1, -2], [0.5], [3, 0.25, -1], []];
const make = () => sharpnessAware(tf.train.momentum(0.05, 0.9), smoothed(0));
const variables = (): tf.Variable[] => starts.map((start) => tf.tidy(() => tf.variable(tf.tensor1d(start))));
const square = (some: readonly tf.Variable[]): tf.Scalar =>
  tf.tidy(() => tf.addN(some.map((variable) => tf.sum(tf.square(variable)))));
const numbers = (variable: tf.Variable): number[] => Array.from(variable.dataSync());

describe.each(engines)('variables in the hands of the loss closure, on %s,', (engine) => {
  beforeEach(async () => {
    await use(engine);
    tf.disposeVariables();
  });

  it.each([1, 2])('may be disposed of by evaluation %i: an error names it, the others are whole and go on', (at) => {
    const [lost, other] = variables() as [tf.Variable, tf.Variable];
    const twin = tf.tidy(() => tf.variable(other.clone()));
    const [optimizer, untroubled] = [make(), make()];
    const whole = () => square([lost, other]);
    optimizer.minimize(whole, false, [lost, other]);
    untroubled.minimize(() => square([twin]), false, [twin]);
    let asked = 0;
    const disposing = (): tf.Scalar => {
      const loss = whole();
      if (++asked === at) lost.dispose();
      return loss;
    };
    const { numTensors } = tf.memory();
    expect(() => optimizer.minimize(disposing, false, [lost, other])).toThrow(
      `The variable "${lost.name}" was disposed of during a step that trains it; do so between two steps.`,
    );
    expect(tf.memory().numTensors).toBe(numTensors - 1);
    for (let step = 0; step < 2; step++) {
      expect(numbers(other)).toEqual(numbers(twin));
      optimizer.minimize(() => square([other]), false, [other]);
      untroubled.minimize(() => square([twin]), false, [twin]);
    }
  });

  it.each([1, 2])('may all be disposed of at once by evaluation %i: an error, and nothing stays behind', (at) => {
    const before = memory();
    const all = variables();
    let asked = 0;
    const disposing = (): tf.Scalar => {
      const loss = square(all);
      if (++asked === at) tf.disposeVariables();
      return loss;
    };
    const optimizer = sharpnessAware(tf.train.sgd(0.1), sam());
    expect(() => optimizer.minimize(disposing, false, all)).toThrow('was disposed of during a step');
    expect(() => optimizer.minimize(() => square(all), false, all)).toThrow('none of the 4 variables is trainable');
    optimizer.dispose();
    expect(memory()).toEqual(before);
  });

  it('may be the loss themselves, and live on', () => {
    const [w] = [tf.tidy(() => tf.variable(tf.scalar(3)))];
    const optimizer = sharpnessAware(tf.train.sgd(0.5), sam());
    for (const wanted of [2.5, 2, 1.5]) {
      optimizer.minimize(() => w as unknown as tf.Scalar, false, [w]);
      expect(numbers(w)).toEqual([wanted]);
    }
  });

  it('may have a gradient that is a tensor of the user, which lives on', () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const slope = tf.tensor1d([1, -1]);
    const loss = tf.customGrad((x) => ({ value: tf.sum(x as tf.Tensor), gradFunc: () => slope }));
    const optimizer = sharpnessAware(tf.train.sgd(0.5), sam());
    for (let step = 0; step < 3; step++) optimizer.minimize(() => loss(w) as tf.Scalar, false, [w]);
    expect(numbers(w)).toEqual([-0.5, 3.5]);
    expect(slope.isDisposed).toBe(false);
  });
});
