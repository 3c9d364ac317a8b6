import { sharded } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { esam, sampa, vasso } from '../../zoo/src/index.ts';
import type { InputsAndTargets } from './batch.ts';
import type { FitOptions } from './fit.ts';
import { engines, use } from './testing/engines.ts';
import { batch, classifier, weightsOf } from './testing/problems.ts';
import { trainer } from './trainer.ts';

describe.each(engines)('on %s', (engine) => {
  beforeAll(() => use(engine));
  beforeEach(() => tf.disposeVariables());

  const make = (variant = sampa()) => {
    const model = classifier([tfl.layers.batchNormalization()]);
    const loop = trainer({
      base: tf.train.adam(0.05),
      variant,
      variables: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
      diagnostics: true,
      losses: ({ xs, ys }: InputsAndTargets) =>
        tf.neg(tf.sum(tf.mul(ys, tf.log(model.apply(xs, { training: true }) as tf.Tensor)), 1)),
    });
    return { model, loop };
  };
  const fitting = { epochs: 3, batchSize: 10, smallLastBatch: false };

  it.each([sampa(), esam(), sharded(vasso(), 2), sam()])(
    'a fit with $name that was stopped anywhere goes on from its state, bit for bit',
    async (variant) => {
      const data = batch();
      const whole = make(variant);
      const { loss } = await whole.loop.fit(data, fitting);

      const first = make(variant);
      const stop = new AbortController();
      let from: FitOptions['from'] = { epoch: 1, step: 0 };
      const onStep: FitOptions['onStep'] = ({ epoch, step }) => {
        from = { epoch, step };
        if (epoch === 2 && step === 2) stop.abort();
      };
      await first.loop.fit(data, { ...fitting, onStep, signal: stop.signal });
      expect(from).toEqual({ epoch: 2, step: 2 });
      const state = structuredClone(await first.loop.state());

      const second = make(variant);
      second.model.setWeights(first.model.getWeights());
      await second.loop.restore(state);
      const rest = await second.loop.fit(data, { ...fitting, from });
      expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
      expect(rest.loss.at(-1)).toBe(loss.at(-1));
      expect(rest.loss).toHaveLength(2);
    },
  );

  it('an epoch that was over is not told again, and one that has not so many batches is refused', async () => {
    const { loop } = make();
    const data = batch();
    const told: number[] = [];
    const onEpoch = ({ epoch }: { epoch: number }) => void told.push(epoch);
    expect((await loop.fit(data, { ...fitting, onEpoch, from: { epoch: 2, step: 3 } })).loss).toHaveLength(1);
    expect(told).toEqual([3]);
    await expect(loop.fit(data, { ...fitting, from: { epoch: 2, step: 4 } })).rejects.toThrow(
      'trainer.fit: from.step is 4, and epoch 2 has 3 batches; give the data and batchSize of then.',
    );
    await expect(loop.fit(data, { ...fitting, from: { epoch: 0, step: 0 } })).rejects.toThrow('from.epoch is 0');
  });

  it('each step tells what it saw, when asked to', async () => {
    const { loop } = make(sam({ rho: 0.05 }));
    const data = batch();
    const { diagnostics, loss } = await loop.step(data);
    expect(Object.keys(diagnostics!)).toEqual(['loss', 'perturbedLoss', 'gradientNorm', 'epsilonNorm', 'cosine']);
    expect(diagnostics!['loss']).toBe(loss);
    expect(diagnostics!['epsilonNorm']).toBeCloseTo(0.05, 6);
    expect(await loop.readDiagnostics()).toEqual(diagnostics);
  });

  it('neither state nor restore is had while a step runs, and both leave nothing behind', async () => {
    const { loop } = make();
    const data = batch();
    await loop.step(data);
    const state = await loop.state();
    await loop.step(data);
    const { numTensors } = tf.memory();
    await loop.restore(state);
    await loop.step(data);
    await loop.state();
    expect(tf.memory().numTensors).toBe(numTensors);
    const running = loop.step(data);
    await expect(loop.state()).rejects.toThrow('trainer: a step is still running; await it before taking its state.');
    await expect(loop.restore(state)).rejects.toThrow('trainer: a step is still running; await it before restoring.');
    await running;
  });
});
