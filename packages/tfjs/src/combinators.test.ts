import { accumulate, clip, rhoByPath, sharded, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware, trainer, weightDecay } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { batch, classifier, compiled, weightsOf } from './testing/problems.ts';

const decaying = (): tf.Optimizer => weightDecay(tf.train.adam(0.05), { rate: 0.1, decoupled: true });

/** The weights after three epochs of `fit` on 32 samples. */
async function fitted(variant: Variant, batchSize: number): Promise<number[]> {
  const { xs, ys } = batch();
  const model = compiled(classifier(), sharpnessAware(decaying(), variant));
  await model.fit(xs, ys, { batchSize, epochs: 3, shuffle: false, verbose: 0 });
  return weightsOf(model).flat();
}

/** The same by the trainer, which offers the parts of a batch. */
async function looped(variant: Variant): Promise<number[]> {
  const model = classifier();
  const loop = trainer({
    base: decaying(),
    variant,
    losses: ({ xs, ys }) => tfl.metrics.categoricalCrossentropy(ys, model.apply(xs, { training: true }) as tf.Tensor),
    variables: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
  });
  await loop.fit({ ...batch() }, { batchSize: 32, epochs: 3, shuffle: false });
  return weightsOf(model).flat();
}

describe.each(engines)('on %s', (engine) => {
  beforeEach(() => use(engine));

  it('fit with accumulate takes the steps of sharded on the batches as one, weight decay and all', async () => {
    const variant = sam({ rho: 0.3 });
    const [accumulated, parted] = [await fitted(accumulate(4, variant), 8), await looped(sharded(variant, 4))];
    for (const [i, x] of parted.entries()) expect(accumulated[i]).toBeCloseTo(x, 5);
  });

  it('accumulate holds one sum, and nothing after the update', () => {
    const [w, x] = [tf.variable(tf.tensor1d([1, 2])), tf.tensor1d([3, 4])];
    const optimizer = sharpnessAware(tf.train.sgd(0.1), accumulate(3, sam()));
    const tensors = Array.from({ length: 7 }, () => {
      optimizer.minimize(() => tf.sum(tf.mul(tf.square(w), x)), false, [w]);
      return tf.memory().numTensors;
    });
    const [one, two, none] = tensors as [number, number, number];
    expect(tensors).toEqual([none + 1, none + 1, none, none + 1, none + 1, none, none + 1]);
    expect(two).toBe(one);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(none);
  });

  it('clip bounds the step', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const optimizer = sharpnessAware(tf.train.sgd(1), clip(sam(), { direction: { globalNorm: 0.5 } }));
    optimizer.minimize(() => tf.sum(tf.square(w)), false, [w]);
    const [x, y] = w.dataSync();
    expect(Math.hypot(1 - x!, 2 - y!)).toBeCloseTo(0.5, 6);
  });

  it('rhoByPath knows variables by their names', () => {
    const [kernel, bias] = ['a/kernel', 'a/bias'].map((name) => tf.variable(tf.scalar(1), true, name));
    const seen: number[][] = [];
    const loss = (): tf.Scalar => {
      seen.push([kernel!.dataSync()[0]!, bias!.dataSync()[0]!]);
      return tf.add(tf.square(kernel!), tf.square(bias!));
    };
    const variant = rhoByPath(sam({ rho: Math.SQRT2 }), [
      [/kernel$/, 0.5],
      [['bias'], 0],
    ]);
    sharpnessAware(tf.train.sgd(0.1), variant).minimize(loss, false, [kernel!, bias!]);
    expect(seen).toEqual([
      [1, 1],
      [expect.closeTo(1.5, 6), 1],
    ]);
    tf.dispose([kernel!, bias!]);
  });
});
