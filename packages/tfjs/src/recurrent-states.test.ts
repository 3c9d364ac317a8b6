import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';

const glorot = (seed: number) => tfl.initializers.glorotUniform({ seed });
const settings = {
  units: 2,
  stateful: true,
  returnSequences: true,
  kernelInitializer: glorot(1),
  recurrentInitializer: glorot(2),
};
const batchInputShape = [3, 4, 2] as [number, number, number];

const recurrent: readonly (readonly [string, () => tfl.layers.Layer])[] = [
  ['simpleRNN', () => tfl.layers.simpleRNN({ ...settings, batchInputShape })],
  ['gru', () => tfl.layers.gru({ ...settings, batchInputShape })],
  ['lstm', () => tfl.layers.lstm({ ...settings, batchInputShape })],
  [
    'a bidirectional layer',
    () =>
      tfl.layers.bidirectional({
        layer: tfl.layers.simpleRNN(settings) as tfl.RNN,
        mergeMode: 'concat',
        batchInputShape,
      }),
  ],
  [
    'a model within the model',
    () => tfl.sequential({ layers: [tfl.layers.lstm({ ...settings, batchInputShape })] }) as tfl.layers.Layer,
  ],
];

function modelWith(layer: tfl.layers.Layer, optimizer: tf.Optimizer): tfl.LayersModel {
  const model = tfl.sequential({
    layers: [layer, tfl.layers.flatten(), tfl.layers.dense({ units: 1, kernelInitializer: glorot(3) })],
  });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
}

/** What the model says of the same inputs depends on its states alone while the weights stay. */
const outlook = (model: tfl.LayersModel, xs: tf.Tensor): number[] =>
  Array.from((model.predict(xs, { batchSize: 3 }) as tf.Tensor).dataSync());

describe.each(engines)('the states of stateful recurrent layers on %s', (engine) => {
  beforeEach(() => use(engine));
  const data = () => ({ xs: tf.randomNormal([3, 4, 2], 0, 1, 'float32', 7), ys: tf.ones([3, 1]) });

  it.each(recurrent)('move once a step: %s', async (_, make) => {
    const { xs, ys } = data();
    const plain = modelWith(make(), tf.train.sgd(0));
    const inner = sharpnessAware(tf.train.sgd(0), sam({ rho: 0.5, ascentSteps: 2 }));
    const wrapped = modelWith(make(), sharpnessAware(inner, sam()));
    const growth = async (model: tfl.LayersModel) => {
      const { numTensors } = tf.memory();
      const loss = await model.trainOnBatch(xs, ys);
      return { loss, growth: tf.memory().numTensors - numTensors };
    };
    for (let step = 0; step < 4; step++) expect(await growth(wrapped)).toEqual(await growth(plain));
    expect(outlook(wrapped, xs)).toEqual(outlook(plain, xs));
    for (const model of [wrapped, plain]) model.resetStates();
    expect(await growth(wrapped)).toEqual(await growth(plain));
  });

  it('are the same at each evaluation of a step', async () => {
    const { xs, ys } = data();
    const optimizer = sharpnessAware(tf.train.sgd(0.1), sam({ rho: 0 }), { diagnostics: true });
    const model = modelWith(tfl.layers.lstm({ ...settings, batchInputShape }), optimizer);
    for (let step = 0; step < 3; step++) {
      await model.trainOnBatch(xs, ys);
      const { loss, perturbedLoss } = await optimizer.readDiagnostics();
      expect(perturbedLoss).toBe(loss);
    }
  });

  it('are as before after a step that is skipped', async () => {
    const { xs, ys } = data();
    const optimizers = [1, 2].map(() => sharpnessAware(tf.train.sgd(0.1), sam(), { nonFinite: 'skip' }));
    const [model, twin] = optimizers.map((o) => modelWith(tfl.layers.lstm({ ...settings, batchInputShape }), o));
    await model!.trainOnBatch(xs, ys);
    await twin!.trainOnBatch(xs, ys);
    await model!.trainOnBatch(tf.mul(xs, Number.NaN), ys);
    expect(outlook(model!, xs)).toEqual(outlook(twin!, xs));
  });
});
