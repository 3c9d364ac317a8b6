import { every } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfdata from '@tensorflow/tfjs-data';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logDiagnostics } from './log-diagnostics.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { engines, use } from './testing/engines.ts';
import { batch, classifier, compiled } from './testing/problems.ts';

const names = ['perturbedLoss', 'gradientNorm', 'epsilonNorm', 'cosine'];

describe.each(engines)('on %s', (engine) => {
  beforeAll(() => use(engine));
  beforeEach(() => tf.disposeVariables());

  const make = () => {
    const optimizer = sharpnessAware(tf.train.sgd(0.1), sam({ rho: 0.05 }), { diagnostics: true });
    return { optimizer, model: compiled(classifier(), optimizer), ...batch() };
  };

  it('a callback sees at each batch what the step saw, and after an epoch the means over its samples', async () => {
    const { optimizer, model, xs, ys } = make();
    const ofBatches: Record<string, number>[] = [];
    const ofEpochs: Record<string, number>[] = [];
    const steps: Record<string, number>[] = [];
    const callbacks = {
      onBatchEnd: async (_: number, logs?: object) => {
        ofBatches.push({ ...logs } as Record<string, number>);
        steps.push(await optimizer.readDiagnostics());
      },
      onEpochEnd: async (_: number, logs?: object) => void ofEpochs.push({ ...logs } as Record<string, number>),
    };
    const { history } = await model.fit(xs, ys, {
      epochs: 2,
      batchSize: 20,
      shuffle: false,
      callbacks: logDiagnostics(optimizer, callbacks),
    });
    expect(ofBatches).toHaveLength(4);
    for (const [i, logs] of ofBatches.entries())
      expect(logs).toMatchObject({ ...steps[i], size: i % 2 === 0 ? 20 : 12 });
    for (const name of names) {
      const mean = (20 * ofBatches[2]![name]! + 12 * ofBatches[3]![name]!) / 32;
      expect(ofEpochs[1]![name]).toBeCloseTo(mean, 12);
      expect(history[name]![1]).toBe(ofEpochs[1]![name]);
    }
    expect(ofBatches[0]!['epsilonNorm']).toBeCloseTo(0.05, 6);
    // Its own mean stays: the loss at w.
    expect(ofEpochs[1]!['loss']).toBeCloseTo((20 * steps[2]!['loss']! + 12 * steps[3]!['loss']!) / 32, 5);
  });

  it('early stopping, an instance of its class, can go by them', async () => {
    const { optimizer, model, xs, ys } = make();
    const stopping = tfl.callbacks.earlyStopping({ monitor: 'epsilonNorm', minDelta: 0.01, patience: 1 });
    const { epoch } = await model.fit(xs, ys, { epochs: 9, callbacks: logDiagnostics(optimizer, stopping) });
    expect(epoch).toEqual([0, 1]);
  });

  it('fitDataset has them too, and alone', async () => {
    const { optimizer, model, xs, ys } = make();
    const data = tfdata.array(tf.unstack(xs).map((x, i) => ({ xs: x, ys: tf.unstack(ys)[i]! }))).batch(16);
    const { history } = await model.fitDataset(data, { epochs: 2, callbacks: logDiagnostics(optimizer) as never });
    for (const name of names) expect(history[name]).toHaveLength(2);
  });

  it('steps that were skipped have no part in the means', async () => {
    const { xs, ys } = batch();
    const optimizer = sharpnessAware(tf.train.sgd(0.1), sam(), { diagnostics: true, nonFinite: 'skip' });
    const model = compiled(classifier(), optimizer);
    const spoilt = tf.concat([tf.fill([16, 3], Number.NaN), tf.slice(xs, 16, 16)]);
    const { history } = await model.fit(spoilt, ys, {
      batchSize: 16,
      shuffle: false,
      callbacks: logDiagnostics<object>(optimizer) as never,
    });
    expect(optimizer.skipped).toBe(1);
    expect(history['epsilonNorm']![0]).toBeCloseTo(0.05, 6);
  });

  it('a loop of your own may call it, with sizes of batches or without', async () => {
    const { optimizer } = make();
    const [listener] = logDiagnostics<{
      onBatchEnd?: (batch: number, logs?: object) => Promise<void>;
      onEpochEnd?: (epoch: number, logs?: object) => Promise<void>;
    }>(optimizer);
    const w = tf.variable(tf.scalar(0));
    const step = (slope: number) => optimizer.minimize(() => tf.mul(w, slope) as tf.Scalar, false, [w]);
    step(1);
    await listener!.onBatchEnd!(0);
    step(4);
    await listener!.onBatchEnd!(1, {});
    const logs: Record<string, number> = { loss: 7 };
    await listener!.onEpochEnd!(0, logs);
    expect(logs['gradientNorm']).toBeCloseTo(2.5, 6);
    expect(logs['loss']).toBe(7);
    await listener!.onEpochEnd!(0);
  });

  it('an optimizer without diagnostics is refused with the remedy', () => {
    expect(() => logDiagnostics(sharpnessAware(tf.train.sgd(0.1), every(2, sam())))).toThrow(
      'logDiagnostics: the optimizer computes no diagnostics; make it with { diagnostics: true }.',
    );
  });
});
