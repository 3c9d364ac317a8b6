import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware, weightDecay } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { batch, classifier, compiled, weightsOf } from './testing/problems.ts';

const numbers = (v: tf.Variable): number[] => Array.from(v.dataSync());
const sum = (v: tf.Variable) => () => tf.sum(tf.square(v)) as tf.Scalar;

describe.each(engines)('nested optimizers on %s', (engine) => {
  beforeEach(() => use(engine));

  it('climb from where the outer one stands, and step once', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const optimizer = sharpnessAware(sharpnessAware(tf.train.sgd(0.1), sam({ rho: 0.5 })), sam({ rho: 0.25 }));
    optimizer.minimize(sum(w), false, [w]);
    // Radially symmetric: both climb along w/‖w‖ = [.6, .8], to ‖w‖ + .25 + .5; the gradient there is 2 · 5.75.
    expect(numbers(w)[0]).toBeCloseTo(3 - 0.1 * 2 * 5.75 * 0.6, 4);
    expect(numbers(w)[1]).toBeCloseTo(4 - 0.1 * 2 * 5.75 * 0.8, 4);
    expect(optimizer.gradientEvaluations).toBe(4);
  });

  it('count metrics once and move BatchNorm once', async () => {
    const { xs, ys } = batch();
    const make = () => classifier([tfl.layers.batchNormalization()]);
    const plain = compiled(make(), tf.train.sgd(0));
    const nested = compiled(make(), sharpnessAware(sharpnessAware(tf.train.sgd(0), sam()), sam()));
    expect(await nested.trainOnBatch(xs, ys)).toHaveLength(2);
    await plain.trainOnBatch(xs, ys);
    expect(weightsOf(nested)).toEqual(weightsOf(plain));
  });

  it('share the randomness of the whole step', () => {
    const w = tf.variable(tf.ones([100]));
    const masks = new Set<string>();
    const loss = (): tf.Scalar => {
      const dropped = tf.dropout(w, 0.5);
      masks.add(Array.from(dropped.dataSync(), (x) => Number(x !== 0)).join(''));
      return tf.sum(tf.square(dropped)) as tf.Scalar;
    };
    sharpnessAware(sharpnessAware(tf.train.sgd(0), sam()), sam()).minimize(loss, false, [w]);
    expect(masks.size).toBe(1);
  });
});

describe.each(engines)('weight decay on %s', (engine) => {
  beforeEach(() => use(engine));
  const eta = 0.1;
  const rate = 0.5;

  it('adds λw to the gradient when coupled, within momentum', () => {
    const w = tf.variable(tf.tensor1d([3, -4]));
    const optimizer = weightDecay(tf.train.momentum(eta, 0.9), { rate });
    let [x, v] = [3, 0];
    for (let step = 0; step < 3; step++) {
      optimizer.minimize(sum(w), false, [w]);
      v = 0.9 * v + 2 * x + rate * x;
      x -= eta * v;
      expect(numbers(w)[0]).toBeCloseTo(x, 5);
    }
  });

  it('shrinks by ηλ apart from the gradient when decoupled, at the learning rate of the moment', () => {
    const w = tf.variable(tf.tensor1d([3, -4]));
    const optimizer = weightDecay(tf.train.sgd(eta), { rate, decoupled: true });
    optimizer.minimize(sum(w), false, [w]);
    expect(numbers(w)[0]).toBeCloseTo(3 * (1 - eta * rate) - eta * 2 * 3, 5);
    optimizer.setLearningRate(0);
    const before = numbers(w);
    optimizer.minimize(sum(w), false, [w]);
    expect(numbers(w)).toEqual(before);
  });

  it.each([{ decoupled: true }, { decoupled: false }])(
    'spares what is excluded and what takes no part: %o',
    ({ decoupled }) => {
      const [kernel, bias, unused] = ['kernel', 'bias', 'unused'].map((name) =>
        tf.variable(tf.scalar(2), true, `${name}-${engine}-${decoupled}`),
      );
      const optimizer = weightDecay(tf.train.sgd(eta), { rate, decoupled, exclude: /bias/ });
      const loss = () => tf.add(tf.square(kernel!), tf.square(bias!)) as tf.Scalar;
      optimizer.minimize(loss, false, [kernel!, bias!, unused!]);
      expect(numbers(bias!)[0]).toBeCloseTo(2 - eta * 4, 6);
      expect(numbers(kernel!)[0]).toBeLessThan(numbers(bias!)[0]! - 0.01);
      expect(numbers(unused!)).toEqual([2]);
    },
  );

  it('is no part of the perturbation inside a sharpness-aware optimizer', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    sharpnessAware(weightDecay(tf.train.sgd(eta), { rate }), sam({ rho: 0.5 })).minimize(sum(w), false, [w]);
    expect(numbers(w)[0]).toBeCloseTo(3 - eta * (2 * 5.5 * 0.6 + rate * 3), 5);
  });

  it('spares inside a sharpness-aware optimizer what takes no part in the step', () => {
    const [w, unused] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.scalar(2))];
    sharpnessAware(weightDecay(tf.train.sgd(eta), { rate }), sam()).minimize(sum(w), false, [w, unused]);
    expect(numbers(unused)).toEqual([2]);
  });
});
