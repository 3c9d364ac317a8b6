import { define, evaluate } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';

const numbers = (v: tf.Tensor): number[] => Array.from(v.dataSync());
const sum = (v: tf.Variable) => () => tf.sum(tf.square(v)) as tf.Scalar;
const optimizerOf = (base: tf.Optimizer = tf.train.sgd(0.1)) => sharpnessAware(base, sam());

describe.each(engines)('the variables of a step on %s', (engine) => {
  beforeEach(async () => {
    await use(engine);
    tf.disposeVariables();
  });

  it('count once, though the list has them twice', () => {
    const [w, twin] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.tensor1d([3, 4]))];
    const optimizer = optimizerOf();
    optimizer.minimize(sum(w), false, [w, w]);
    optimizerOf().minimize(sum(twin), false, [twin]);
    expect(numbers(w)).toEqual(numbers(twin));
    const { numTensors } = tf.memory();
    optimizer.minimize(sum(w), false, [w, w]);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('are those of floats: counters, flags and texts, though called trainable, stay as they are', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const others = [tf.scalar(7, 'int32'), tf.tensor1d([true, false]), tf.tensor1d(['a', 'b'])];
    const variables = others.map((tensor) => tf.variable(tensor));
    optimizerOf().minimize(sum(w));
    expect(numbers(w)).not.toEqual([3, 4]);
    for (const [i, variable] of variables.entries()) expect(variable.dataSync()).toEqual(others[i]!.dataSync());
  });

  it('without a gradient are absent from the gradients returned, as tf.variableGrads leaves them out', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    tf.variable(tf.scalar(1)); // of another model, perhaps
    const optimizer = optimizerOf();
    const { grads } = optimizer.computeGradients(sum(w));
    expect(Object.keys(grads)).toEqual([w.name]);
    const clipped = Object.entries(grads).map(([name, tensor]) => ({ name, tensor: tf.clipByValue(tensor, -1, 1) }));
    optimizer.applyGradients(clipped);
    expect(numbers(w)[0]).toBeCloseTo(2.9, 6);
  });

  it('without a gradient are not shifted, though the variant would shrink all weights', () => {
    const shrinking = define({
      name: 'shrinking',
      *step({ math: { scale }, weights: w }) {
        const { gradient } = yield* evaluate(w);
        return { direction: gradient, shift: scale(w, -0.5) };
      },
    });
    const [w, unused] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.scalar(2))];
    sharpnessAware(tf.train.sgd(0), shrinking).minimize(sum(w), false, [w, unused]);
    expect([numbers(w), numbers(unused)]).toEqual([[1.5, 2], [2]]);
  });

  it('may be built, replaced and disposed of by the loss closure', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    let counter: tf.Variable = tf.variable(tf.tensor1d([0]), false);
    const loss = (): tf.Scalar => {
      const value = tf.add(counter, 1);
      counter.assign(value);
      counter.dispose();
      counter = tf.variable(value, false);
      const temporary = tf.variable(tf.scalar(2));
      const product = tf.mul(sum(w)(), temporary) as tf.Scalar;
      temporary.dispose();
      return product;
    };
    const optimizer = optimizerOf();
    optimizer.minimize(loss, false, [w]);
    const { numTensors } = tf.memory();
    optimizer.minimize(loss, false, [w]);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('have each its own accumulators, when one optimizer trains two networks in turns', () => {
    const start = [[1], [2, 3], [1, -1]];
    const [ours, theirs] = [1, 2].map(() => start.map((x) => tf.variable(tf.tensor1d(x))));
    const loss = ([a, b, c]: tf.Variable[], sign: number) => {
      const sums = [tf.mul(a!, tf.sum(tf.square(b!))), tf.sum(tf.mul(b!, tf.square(c!)))];
      return tf.mul(tf.add(tf.sum(sums[0]!), sums[1]!), sign) as tf.Scalar;
    };
    const optimizer = sharpnessAware(tf.train.momentum(0.1, 0.9), sam({ rho: 0 }));
    const own = theirs!.map(() => tf.train.momentum(0.1, 0.9));
    for (let round = 0; round < 3; round++) {
      for (const [sign, trained] of [
        [1, [1, 2]],
        [-1, [2, 0]],
      ] as const) {
        optimizer.minimize(
          () => loss(ours!, sign),
          false,
          trained.map((i) => ours![i]!),
        );
        const list = trained.map((i) => theirs![i]!);
        const { grads } = tf.variableGrads(() => loss(theirs!, sign), list);
        for (const i of trained) own[i]!.applyGradients([{ name: theirs![i]!.name, tensor: grads[theirs![i]!.name]! }]);
      }
    }
    expect(ours!.map(numbers)).toEqual(theirs!.map(numbers));
  });
});
