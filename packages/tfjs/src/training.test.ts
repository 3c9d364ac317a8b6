import { define, evaluate, treeOf } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { bases, batch, classifier, compiled, weightsOf } from './testing/problems.ts';

const optimizerOf = (base: tf.Optimizer = tf.train.momentum(0.1, 0.9)) => sharpnessAware(base, sam({ rho: 0.05 }));
const crossentropy =
  (model: ReturnType<typeof classifier>, { xs, ys }: ReturnType<typeof batch>) =>
  (): tf.Scalar =>
    tf.losses.softmaxCrossEntropy(ys, tf.log(model.apply(xs) as tf.Tensor)) as tf.Scalar;

describe.each(engines)('a sharpness-aware optimizer on %s', (engine) => {
  beforeEach(() => use(engine));

  it.each(bases)('trains through model.fit around %s', async (_, make) => {
    const { xs, ys } = batch();
    const model = compiled(classifier(), optimizerOf(make()));
    const { history } = await model.fit(xs, ys, { epochs: 12, batchSize: 8, verbose: 0 });
    const loss = history['loss'] as number[];
    expect(loss.at(-1)!).toBeLessThan(loss[0]!);
    expect(history['acc']).toHaveLength(12);
  });

  it('trains through fitDataset, trainOnBatch, minimize and a hand-written loop to the same weights', async () => {
    const data = batch();
    const { xs, ys } = data;
    const [dataset, trainOnBatch, minimize, byHand] = [1, 2, 3, 4].map(() => compiled(classifier(), optimizerOf()));
    const batches = { batchesPerEpoch: 4, epochs: 1, verbose: 0 } as const;
    // fitDataset disposes what it is given.
    const next = async () => ({ done: false, value: { xs: tf.clone(xs), ys: tf.clone(ys) } });
    const source = { iterator: async () => ({ next }), size: 4 };
    await dataset!.fitDataset(source as never, batches);
    for (let step = 0; step < 4; step++) {
      await trainOnBatch!.trainOnBatch(xs, ys);
      const weights = (model: typeof minimize) => model!.trainableWeights.map((w) => w.read() as tf.Variable);
      minimize!.optimizer.minimize(crossentropy(minimize!, data), false, weights(minimize));
      const { value, grads } = byHand!.optimizer.computeGradients(crossentropy(byHand!, data), weights(byHand));
      byHand!.optimizer.applyGradients(grads);
      tf.dispose([value, grads]);
    }
    expect(weightsOf(dataset!)).toEqual(weightsOf(trainOnBatch!));
    expect(weightsOf(byHand!)).toEqual(weightsOf(minimize!));
    const difference = weightsOf(minimize!).flatMap((weight, i) =>
      weight.map((x, j) => x - weightsOf(trainOnBatch!)[i]![j]!),
    );
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-5);
  });

  it('sees a gradient that the caller changes between computing and applying it', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const optimizer = optimizerOf(tf.train.sgd(1));
    const { grads } = optimizer.computeGradients(() => tf.sum(tf.square(w)) as tf.Scalar, [w]);
    optimizer.applyGradients({ [w.name]: tf.zerosLike(grads[w.name]!) });
    expect(Array.from(w.dataSync())).toEqual([3, 4]);
  });

  it('keeps a gradient that is the state of the variant, whatever tidy is around the step', () => {
    const remembering = define({
      name: 'remembering',
      state: { last: treeOf(0) },
      *step({ math: { addScaled }, weights: w, state }) {
        const { gradient: last } = yield* evaluate(w);
        const { gradient } = yield* evaluate(addScaled(w, 0.1, state.last));
        return { direction: gradient, state: { last } };
      },
    });
    const train = (around: (step: () => void) => void): number[] => {
      const w = tf.variable(tf.tensor1d([3, 4]));
      const optimizer = sharpnessAware(tf.train.sgd(0.1), remembering);
      for (let i = 0; i < 3; i++) around(() => optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]));
      return Array.from(w.dataSync());
    };
    expect(train((step) => tf.tidy(step))).toEqual(train((step) => step()));
  });

  it('applies gradients of the caller by themselves: not shifted, nor at rest after a step that was skipped', () => {
    const shifting = define({
      name: 'shifting',
      *step({ math: { scale }, weights: w }) {
        const { gradient } = yield* evaluate(w);
        return { direction: gradient, shift: scale(w, -0.5) };
      },
    });
    const w = tf.variable(tf.tensor1d([3, 4]));
    const optimizer = sharpnessAware(tf.train.sgd(0.5), shifting, { nonFinite: 'skip' });
    const own = (): void => optimizer.applyGradients({ [w.name]: tf.onesLike(w) });
    optimizer.minimize(() => tf.sum(w) as tf.Scalar, false, [w]);
    own();
    expect(Array.from(w.dataSync())).toEqual([0.5, 1]);
    optimizer.minimize(() => tf.sum(tf.mul(w, Number.NaN)) as tf.Scalar, false, [w]);
    own();
    expect(Array.from(w.dataSync())).toEqual([0, 0.5]);
  });

  it('finds the accumulators of a variable whatever the order in which gradients come', () => {
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.tensor1d([2, 3]))];
    const optimizer = optimizerOf();
    const apply = (names: readonly tf.Variable[]) => {
      optimizer.applyGradients(Object.fromEntries(names.map((v) => [v.name, tf.onesLike(v)])));
    };
    apply([a, b]);
    apply([b, a]);
    apply([b]);
    apply([a, b]);
    // Three unit gradients for a, four for b: v = 1, 1.9, 2.71, 3.439, and a keeps its v while it has none.
    expect(a.dataSync()[0]).toBeCloseTo(1 - 0.1 * (1 + 1.9 + 2.71), 5);
    expect(b.dataSync()[0]).toBeCloseTo(2 - 0.1 * (1 + 1.9 + 2.71 + 3.439), 5);
  });

  it('counts iterations as its base does, gradients of the caller included', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const base = tf.train.adam(0.1);
    const optimizer = optimizerOf(base);
    optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]);
    for (let i = 0; i < 2; i++) optimizer.applyGradients({ [w.name]: tf.onesLike(w) });
    expect([optimizer.iterations, base.iterations]).toEqual([3, 3]);
  });

  it('goes on where it was when the backend is changed between steps', async () => {
    const train = async (backends: readonly (typeof engines)[number][]): Promise<number[]> => {
      const w = tf.variable(tf.tensor1d([3, 4]));
      const moved = tf.variable(tf.scalar(0), false);
      const optimizer = optimizerOf(tf.train.adam(0.1));
      const loss = (): tf.Scalar => {
        moved.assign(tf.add(moved, 1));
        return tf.sum(tf.square(w)) as tf.Scalar;
      };
      for (const backend of backends) {
        await use(backend);
        optimizer.minimize(loss, false, [w]);
      }
      return [...w.dataSync(), ...moved.dataSync()];
    };
    const other = engines.find((name) => name !== engine)!;
    const stay = await train([engine, engine, engine, engine]);
    for (const [i, x] of (await train([engine, other, other, engine])).entries()) expect(x).toBeCloseTo(stay[i]!, 5);
  });

  it.each(bases)('gives and sets the learning rate of %s', (_, make) => {
    const base = make();
    const optimizer = sharpnessAware(optimizerOf(base), sam());
    const { learningRate } = base as unknown as { learningRate: number };
    expect(optimizer.learningRate).toBe(learningRate);
    const w = tf.variable(tf.scalar(1));
    optimizer.setLearningRate(0);
    optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w]);
    expect(w.dataSync()[0]).toBe(1);
    expect(optimizer.learningRate).toBe(0);
  });

  it('counts its gradients and steps, and reads its diagnostics', async () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const optimizer = sharpnessAware(tf.train.sgd(0.1), sam({ rho: 0.5 }), { diagnostics: true });
    expect(await optimizer.readDiagnostics()).toEqual({});
    optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]);
    expect([optimizer.iterations, optimizer.gradientEvaluations, optimizer.skipped]).toEqual([1, 2, 0]);
    const { loss, perturbedLoss, gradientNorm, epsilonNorm, cosine } = await optimizer.readDiagnostics();
    expect(loss).toBeCloseTo(25, 4);
    expect(perturbedLoss).toBeCloseTo(5.5 ** 2, 4);
    expect(gradientNorm).toBeCloseTo(10, 5);
    expect(epsilonNorm).toBeCloseTo(0.5, 5);
    expect(cosine).toBeCloseTo(1, 5);
  });
});
