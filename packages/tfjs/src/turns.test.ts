import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { cases } from '../../tree/src/testing/cases.ts';
import { type SharpnessAwareOptimizer, sharpnessAware, trainer } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { smoothed } from './testing/needy-variants.ts';
import { batch, classifier, compiled, weightsOf } from './testing/problems.ts';

const make = (): SharpnessAwareOptimizer => sharpnessAware(tf.train.momentum(0.1, 0.9), smoothed(0.05));
const turns = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 2, maxLength: 8 });

describe.each(engines)('in turns, on %s,', (engine) => {
  beforeEach(async () => {
    await use(engine);
    tf.disposeVariables();
  });

  it('one optimizer trains two models as two optimizers would, each with its own state', async () => {
    const { xs, ys } = batch();
    await fc.assert(
      fc.asyncProperty(turns, async (order) => {
        const shared = make();
        const ours = [0, 1].map(() => compiled(classifier(), shared));
        const theirs = [0, 1].map(() => compiled(classifier(), make()));
        for (const turn of order) {
          await ours[turn]!.trainOnBatch(xs, ys);
          await theirs[turn]!.trainOnBatch(xs, ys);
          expect(ours.map(weightsOf)).toEqual(theirs.map(weightsOf));
        }
        for (const model of [...ours, ...theirs]) model.dispose();
      }),
      cases(10),
    );
  });

  it('two optimizers train one model, each with its own state and steps', async () => {
    const { xs, ys } = batch();
    await fc.assert(
      fc.asyncProperty(turns, async (order) => {
        const [model, twin] = [classifier(), classifier()];
        const ours = [make(), sharpnessAware(tf.train.sgd(0.05), sam())];
        // The same two, for a model that is compiled anew for each turn.
        const theirs = [make(), sharpnessAware(tf.train.sgd(0.05), sam())];
        const loss = () => tf.tidy(() => tf.mean(tf.squaredDifference(model.apply(xs) as tf.Tensor, ys))) as tf.Scalar;
        const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
        for (const turn of order) {
          ours[turn]!.minimize(loss, false, variables);
          twin.compile({ optimizer: theirs[turn]!, loss: 'meanSquaredError' });
          await twin.trainOnBatch(xs, ys);
        }
        for (const [k, optimizer] of ours.entries()) {
          expect(optimizer.steps).toBe(order.filter((turn) => turn === k).length);
          expect(optimizer.steps).toBe(theirs[k]!.steps);
        }
        const off = weightsOf(model).flatMap((w, i) => w.map((x, j) => Math.abs(x - weightsOf(twin)[i]![j]!)));
        expect(Math.max(...off)).toBeLessThan(1e-6);
        for (const each of [model, twin]) each.dispose();
      }),
      cases(10),
    );
  });

  it('two trainers that run at once do not get into each other’s way', async () => {
    const { xs, ys } = batch();
    const run = async (together: boolean): Promise<number[][]> => {
      const models = [classifier(), classifier()];
      const loops = models.map((model) =>
        trainer({
          base: tf.train.momentum(0.1, 0.9),
          variant: smoothed(0.05),
          variables: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
          losses: (data) => tf.mean(tf.squaredDifference(model.apply(data.xs) as tf.Tensor, data.ys), 1),
        }),
      );
      const trainings = loops.map((loop) => () => loop.fit({ xs, ys }, { batchSize: 16, epochs: 3 }));
      if (together) await Promise.all(trainings.map((train) => train()));
      else for (const train of trainings) await train();
      return models.flatMap(weightsOf);
    };
    expect(await run(true)).toEqual(await run(false));
  });
});
