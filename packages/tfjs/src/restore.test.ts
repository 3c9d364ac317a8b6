import { NonFiniteError } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { batch, classifier, compiled, weightsOf } from './testing/problems.ts';

const quadratic = (...variables: tf.Variable[]): tf.Scalar =>
  tf.addN(variables.map((v) => tf.sum(tf.square(v)))) as tf.Scalar;
const numbers = (v: tf.Variable): number[] => Array.from(v.dataSync());

describe.each(engines)('the weights on %s', (engine) => {
  beforeEach(() => use(engine));

  it('are exactly where they were when the closure throws, at whichever evaluation', () => {
    for (const failing of [1, 2, 3, 4]) {
      const [w, twin] = [tf.variable(tf.tensor1d([0.1, 1e-30, -3])), tf.variable(tf.tensor1d([0.1, 1e-30, -3]))];
      const [optimizer, untroubled] = [1, 2].map(() => sharpnessAware(tf.train.adam(0.1), sam({ ascentSteps: 3 })));
      let count = 0;
      const throwing = (): tf.Scalar => {
        if (++count === failing) throw new Error('no such batch');
        return quadratic(w);
      };
      optimizer!.minimize(() => quadratic(w), false, [w]);
      const before = numbers(w);
      const { numTensors } = tf.memory();
      expect(() => optimizer!.minimize(throwing, false, [w])).toThrow('no such batch');
      expect(numbers(w)).toEqual(before);
      expect(tf.memory().numTensors).toBe(numTensors);
      optimizer!.minimize(() => quadratic(w), false, [w]);
      for (let step = 0; step < 2; step++) untroubled!.minimize(() => quadratic(twin), false, [twin]);
      expect(numbers(w)).toEqual(numbers(twin));
    }
  });

  it('and all other variables are where they were when a later evaluation throws', () => {
    const [w, calls] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.scalar(5), false)];
    let count = 0;
    const throwing = (): tf.Scalar => {
      calls.assign(tf.add(calls, 1));
      if (++count === 2) throw new Error('no such batch');
      return quadratic(w);
    };
    expect(() => sharpnessAware(tf.train.sgd(0.1), sam()).minimize(throwing, false, [w])).toThrow('no such batch');
    expect(numbers(calls)).toEqual([5]);
  });

  it.each(['skip', 'error'] as const)(
    'and the statistics of BatchNorm are as before a batch of NaN: nonFinite %s',
    async (nonFinite) => {
      const { xs, ys } = batch();
      const optimizer = sharpnessAware(tf.train.adam(0.01), sam(), { nonFinite });
      const model = compiled(classifier([tfl.layers.batchNormalization()]), optimizer);
      await model.trainOnBatch(xs, ys);
      const before = weightsOf(model);
      const training = model.trainOnBatch(tf.mul(xs, Number.NaN), ys);
      if (nonFinite === 'error') await expect(training).rejects.toThrow(NonFiniteError);
      else await training;
      expect(weightsOf(model)).toEqual(before);
    },
  );

  it('hold w between computing and applying, though the closure itself assigns', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const optimizer = sharpnessAware(tf.train.sgd(0.1), sam());
    const meddling = (): tf.Scalar => {
      const loss = quadratic(w);
      w.assign(tf.zerosLike(w));
      return loss;
    };
    optimizer.computeGradients(meddling, [w]);
    expect(numbers(w)).toEqual([3, 4]);
  });

  it('that are frozen or unused take no part in the norm nor in the step', () => {
    const step = (extra: boolean): number[] => {
      const w = tf.variable(tf.tensor1d([3, 4]));
      const [frozen, unused] = [tf.variable(tf.scalar(2), false), tf.variable(tf.scalar(5))];
      const optimizer = sharpnessAware(tf.train.momentum(0.1, 0.9), sam({ rho: 0.5 }));
      const loss = () => tf.mul(quadratic(w), tf.add(frozen, 1)) as tf.Scalar;
      for (let i = 0; i < 3; i++) optimizer.minimize(loss, false, extra ? [unused, frozen, w] : [w]);
      expect([numbers(frozen), numbers(unused)]).toEqual([[2], [5]]);
      return numbers(w);
    };
    expect(step(true)).toEqual(step(false));
  });

  it('of a frozen layer stay, and those of the others are trained', async () => {
    const { xs, ys } = batch();
    const model = classifier();
    model.layers[0]!.trainable = false;
    compiled(model, sharpnessAware(tf.train.sgd(0.1), sam()));
    const [frozen, trained] = [model.layers[0]!, model.layers[1]!].map(
      (layer) => () => layer.getWeights().map((t) => Array.from(t.dataSync())),
    );
    const before = [frozen!(), trained!()];
    await model.fit(xs, ys, { epochs: 2, verbose: 0 });
    expect(frozen!()).toEqual(before[0]);
    expect(trained!()).not.toEqual(before[1]);
  });

  it('of all trainable variables are optimised when none are named', () => {
    const [w, frozen] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.scalar(2), false)];
    sharpnessAware(tf.train.sgd(0.1), sam()).minimize(() => tf.mul(quadratic(w), frozen) as tf.Scalar);
    expect(numbers(w)).not.toEqual([3, 4]);
    expect(numbers(frozen)).toEqual([2]);
    tf.disposeVariables();
  });

  it('survive a gradient that is not finite: an error by default, a counted rest of variant and base by option', () => {
    const [w, twin] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.tensor1d([3, 4]))];
    const bad = () => tf.mul(quadratic(w), Number.NaN) as tf.Scalar;
    const strict = sharpnessAware(tf.train.adam(0.1), sam());
    expect(() => strict.minimize(bad, false, [w])).toThrow(NonFiniteError);
    expect(() => strict.minimize(bad, false, [w])).toThrow(/the loss of evaluation 1 is not finite/);
    expect(numbers(w)).toEqual([3, 4]);

    const [patient, untroubled] = [
      sharpnessAware(tf.train.adam(0.1), sam(), { nonFinite: 'skip' }),
      sharpnessAware(tf.train.adam(0.1), sam()),
    ];
    for (const loss of [() => quadratic(w), bad, () => quadratic(w)]) patient.minimize(loss, false, [w]);
    for (let step = 0; step < 2; step++) untroubled.minimize(() => quadratic(twin), false, [twin]);
    expect(patient.skipped).toBe(1);
    expect(numbers(w)).toEqual(numbers(twin));
  });

  it('stay when the gradient is zero', () => {
    const w = tf.variable(tf.tensor1d([0, 0]));
    sharpnessAware(tf.train.momentum(0.1, 0.9), sam()).minimize(() => quadratic(w), false, [w]);
    expect(numbers(w)).toEqual([0, 0]);
  });
});
