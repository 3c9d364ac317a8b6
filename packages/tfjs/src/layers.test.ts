import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sharpnessAware, weightDecay } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { bases, batch, classifier, compiled, weightsOf } from './testing/problems.ts';

const glorot = (seed: number) => tfl.initializers.glorotUniform({ seed });
type WithLearningRate = tf.Optimizer & { learningRate: number; setLearningRate?(value: number): void };

/** Halves the learning rate after each epoch, in the way in which the optimizer lets it be set. */
class Halving extends tfl.Callback {
  readonly #optimizer: WithLearningRate;
  constructor(optimizer: tf.Optimizer) {
    super();
    this.#optimizer = optimizer as WithLearningRate;
  }
  override async onEpochEnd(): Promise<void> {
    const half = this.#optimizer.learningRate / 2;
    if (this.#optimizer.setLearningRate) this.#optimizer.setLearningRate(half);
    else this.#optimizer.learningRate = half;
  }
}

const wrappings: readonly (readonly [string, (base: tf.Optimizer) => tf.Optimizer])[] = [
  ['once', (base) => sharpnessAware(base, sam({ rho: 0 }))],
  [
    'twice, with a decay of 0',
    (base) => sharpnessAware(sharpnessAware(weightDecay(base, { rate: 0 }), sam({ rho: 0 })), sam({ rho: 0 })),
  ],
];

describe.each(engines)('in layers models on %s', (engine) => {
  beforeEach(() => use(engine));

  describe.each(wrappings)('at rho = 0, wrapped %s,', (_, wrap) => {
    it.each(bases)('all that fit offers gives the history and weights of plain %s, bit for bit', async (_, make) => {
      const { xs, ys } = batch();
      const train = async (optimizer: tf.Optimizer) => {
        const kernelRegularizer = tfl.regularizers.l1l2({ l1: 0.01, l2: 0.01 });
        const kernelConstraint = tfl.constraints.maxNorm({ maxValue: 0.5 });
        const model = tfl.sequential({
          layers: [
            tfl.layers.dense({
              units: 5,
              inputShape: [3],
              kernelInitializer: glorot(1),
              kernelRegularizer,
              kernelConstraint,
            }),
            tfl.layers.batchNormalization(),
            tfl.layers.layerNormalization(),
            tfl.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: glorot(2) }),
          ],
        });
        const { history } = await compiled(model, optimizer).fit(xs, ys, {
          epochs: 3,
          batchSize: 8,
          shuffle: false,
          verbose: 0,
          validationSplit: 0.25,
          classWeight: { 0: 1, 1: 3 },
          callbacks: [tfl.callbacks.earlyStopping({ monitor: 'val_loss', patience: 9 }), new Halving(optimizer)],
        });
        return { history, weights: weightsOf(model) };
      };
      expect(await train(wrap(make()))).toEqual(await train(make()));
    });
  });

  it('layers may be frozen and thawed between compilations, with one optimizer', async () => {
    const { xs, ys } = batch();
    const train = async (optimizer: tf.Optimizer) => {
      const model = classifier([tfl.layers.batchNormalization()]);
      for (const frozen of [[0], [1], [], [0, 1]]) {
        for (const [i, layer] of model.layers.entries()) layer.trainable = !frozen.includes(i);
        await compiled(model, optimizer).fit(xs, ys, { epochs: 1, batchSize: 8, shuffle: false, verbose: 0 });
      }
      return weightsOf(model);
    };
    expect(await train(sharpnessAware(tf.train.sgd(0.1), sam({ rho: 0 })))).toEqual(await train(tf.train.sgd(0.1)));
  });

  it.each(['simpleRNN', 'gru', 'lstm'] as const)(
    'the dropout masks of %s are those of the first evaluation',
    async (kind) => {
      const optimizer = sharpnessAware(tf.train.sgd(0.1), sam({ rho: 0 }), { diagnostics: true });
      const recurrent = tfl.layers[kind]({
        units: 3,
        dropout: 0.5,
        recurrentDropout: 0.5,
        inputShape: [5, 2],
        recurrentInitializer: glorot(1),
      });
      const model = tfl.sequential({ layers: [recurrent, tfl.layers.dense({ units: 1 })] });
      model.compile({ optimizer, loss: 'meanSquaredError' });
      for (let step = 0; step < 4; step++) {
        await model.trainOnBatch(tf.ones([4, 5, 2]), tf.ones([4, 1]));
        const { loss, perturbedLoss } = await optimizer.readDiagnostics();
        expect(perturbedLoss).toBe(loss);
      }
    },
  );
});

describe('the metrics are counted once', () => {
  beforeEach(() => use('cpu'));
  afterEach(() => tf.serialization.registerClass(tfl.LayersModel));

  it('also when a subclass has taken the name of the model class', async () => {
    class Mine extends tfl.LayersModel {}
    vi.resetModules();
    tf.serialization.registerClass(Mine); // its className is LayersModel's
    const fresh = await import('./index.ts');
    const { xs, ys } = batch();
    const model = compiled(classifier(), fresh.sharpnessAware(tf.train.sgd(0.1), sam()));
    expect(await model.trainOnBatch(xs, ys)).toHaveLength(2);
  });

  it('and steps go on where there is no model class, that is without tfjs-layers', async () => {
    const { classNameMap } = tf.serialization.SerializationMap.getMap();
    delete classNameMap['Model'];
    vi.resetModules();
    const fresh = await import('./index.ts');
    const w = tf.variable(tf.scalar(3));
    fresh.sharpnessAware(tf.train.sgd(0.1), sam({ rho: 1 })).minimize(() => tf.square(w) as tf.Scalar, false, [w]);
    expect(w.dataSync()[0]).toBeCloseTo(3 - 0.1 * 2 * 4, 6);
  });

  it('also when the package is loaded twice', async () => {
    vi.resetModules();
    const second = await import('./index.ts');
    expect(second.sharpnessAware).not.toBe(sharpnessAware);
    const { xs, ys } = batch();
    for (const [outer, inner] of [
      [sharpnessAware, second.sharpnessAware],
      [second.sharpnessAware, sharpnessAware],
    ] as const) {
      const model = compiled(classifier(), outer(inner(tf.train.sgd(0.1), sam()), sam()));
      expect(await model.trainOnBatch(xs, ys)).toHaveLength(2);
    }
  });
});
