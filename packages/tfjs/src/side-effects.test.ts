import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { batch, classifier, compiled, weightsOf } from './testing/problems.ts';

describe.each(engines)('the side effects of a step on %s', (engine) => {
  beforeEach(() => use(engine));

  it('move the statistics of BatchNorm once, by the first evaluation', async () => {
    const { xs, ys } = batch();
    const plain = compiled(classifier([tfl.layers.batchNormalization()]), tf.train.sgd(0));
    const wrapped = compiled(
      classifier([tfl.layers.batchNormalization()]),
      sharpnessAware(tf.train.sgd(0), sam({ rho: 0.5, ascentSteps: 3 })),
    );
    for (let step = 0; step < 3; step++) {
      await plain.trainOnBatch(xs, ys);
      await wrapped.trainOnBatch(xs, ys);
      expect(weightsOf(wrapped)).toEqual(weightsOf(plain));
    }
  });

  it('move what the closure itself builds once too, at its first evaluation of all', () => {
    const { xs } = batch();
    const statistics = (optimizer: tf.Optimizer): number[][] => {
      const [w, norm] = [tf.variable(tf.ones([3])), tfl.layers.batchNormalization()];
      const loss = () => tf.mean(tf.square(norm.apply(tf.mul(xs, w), { training: true }) as tf.Tensor)) as tf.Scalar;
      optimizer.minimize(loss, false, [w]);
      return norm.getWeights().map((weight) => Array.from(weight.dataSync()));
    };
    expect(statistics(sharpnessAware(tf.train.sgd(0), sam({ rho: 1 })))).toEqual(statistics(tf.train.sgd(0)));
  });

  it('are invisible to the other evaluations of a step: all start from the same variables', () => {
    const [w, calls] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.scalar(0), false)];
    const seen: number[] = [];
    const loss = (): tf.Scalar => {
      seen.push(calls.dataSync()[0]!);
      calls.assign(tf.add(calls, 1));
      return tf.sum(tf.square(w)) as tf.Scalar;
    };
    const optimizer = sharpnessAware(tf.train.sgd(0.1), sam({ ascentSteps: 2 }));
    for (let step = 0; step < 2; step++) optimizer.minimize(loss, false, [w]);
    expect(seen).toEqual([0, 0, 0, 1, 1, 1]);
    expect(calls.dataSync()[0]).toBe(2);
  });

  it('are shared dropout masks within a step and fresh ones at the next', () => {
    const w = tf.variable(tf.ones([200]));
    const masks: string[] = [];
    const loss = (): tf.Scalar => {
      const dropped = tf.dropout(w, 0.5);
      masks.push(Array.from(dropped.dataSync(), (x) => (x === 0 ? '0' : '1')).join(''));
      return tf.mean(tf.square(dropped)) as tf.Scalar;
    };
    const optimizer = sharpnessAware(tf.train.sgd(0.01), sam({ rho: 0.05, ascentSteps: 2 }));
    optimizer.minimize(loss, false, [w]);
    optimizer.minimize(loss, false, [w]);
    expect(masks).toHaveLength(6);
    expect(new Set(masks.slice(0, 3)).size).toBe(1);
    expect(new Set(masks.slice(3)).size).toBe(1);
    expect(masks[3]).not.toBe(masks[0]);
  });

  it('leave Math.random as it was, also after a closure that throws', () => {
    const original = Math.random;
    const w = tf.variable(tf.ones([2]));
    const failing = (): tf.Scalar => {
      throw new Error('out of data');
    };
    expect(() => sharpnessAware(tf.train.sgd(0.1), sam()).minimize(failing, false, [w])).toThrow('out of data');
    expect(Math.random).toBe(original);
  });

  it('return the loss and metrics of the first evaluation, each once', async () => {
    const { xs, ys } = batch();
    const model = compiled(classifier(), sharpnessAware(tf.train.momentum(0.1, 0.9), sam({ rho: 2 })));
    for (let step = 0; step < 3; step++) {
      const before = (model.evaluate(xs, ys) as tf.Scalar[]).map((scalar) => scalar.dataSync()[0]!);
      const returned = (await model.trainOnBatch(xs, ys)) as number[];
      expect(returned).toHaveLength(2);
      expect(returned[0]).toBeCloseTo(before[0]!, 5);
      expect(returned[1]).toBeCloseTo(before[1]!, 5);
    }
  });

  it('return the metrics of every output of a model, each once', async () => {
    const { xs, ys } = batch();
    const input = tfl.input({ shape: [3] });
    const heads = ['one', 'two'].map((name) =>
      tfl.layers.dense({ units: 2, activation: 'softmax', name: `${name}-${engine}` }).apply(input),
    ) as tfl.SymbolicTensor[];
    const model = tfl.model({ inputs: input, outputs: heads });
    const optimizer = sharpnessAware(tf.train.sgd(0.1), sam());
    model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const returned = (await model.trainOnBatch(xs, [ys, ys])) as number[];
    expect(returned).toHaveLength(model.metricsNames.length);
    expect(returned[0]).toBeCloseTo(returned[1]! + returned[2]!, 5);
  });

  it('are those of a model while it trains, and not of the one that trained before', async () => {
    const { xs, ys } = batch();
    const { inputs, outputs } = classifier();
    const model = tfl.model({ inputs, outputs });
    const optimizer = sharpnessAware(tf.train.sgd(0.1), sam());
    model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    await model.trainOnBatch(xs, ys);
    const [w, seen] = [tf.variable(tf.ones([2])), [] as number[]];
    const loss = (): tf.Scalar => {
      seen.push(model.metricsTensors.length);
      return tf.sum(tf.square(w)) as tf.Scalar;
    };
    sharpnessAware(tf.train.sgd(0.1), sam()).minimize(loss, false, [w]);
    expect(seen).toEqual([1, 1]);
  });

  it('are kept apart for two models that share an optimizer class, trained in turns', async () => {
    const { xs, ys } = batch();
    const models = [1, 2].map(() => compiled(classifier(), sharpnessAware(tf.train.sgd(0.1), sam())));
    for (const model of [...models, ...models]) expect(await model.trainOnBatch(xs, ys)).toHaveLength(2);
    for (const model of models) expect(model.metricsTensors).toHaveLength(1);
  });
});
