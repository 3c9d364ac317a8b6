import { define, evaluate, every, treeOf, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware, weightDecay } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { bases, batch, classifier, compiled } from './testing/problems.ts';

/** State that is returned as direction too, a state that stays, a shift, a scalar: every kind of ownership. */
const hoarder = (): Variant =>
  define({
    name: 'hoarder',
    state: { last: treeOf(0), first: treeOf(1) },
    *step({ math: { add, scale }, weights: w, state }) {
      const { gradient: g } = yield* evaluate(w);
      const last = add(scale(state.last, 0.5), g);
      return { direction: last, shift: scale(g, 1e-3), state: { last } };
    },
  });

const settings: readonly (readonly [string, () => tf.Optimizer])[] = [
  ...bases.map(([name, make]) => [name, () => sharpnessAware(make(), sam())] as const),
  ['the second-order term', () => sharpnessAware(tf.train.sgd(0.1), sam({ secondOrder: true }))],
  ['three ascent steps and p = 3', () => sharpnessAware(tf.train.sgd(0.1), sam({ ascentSteps: 3, p: 3 }))],
  ['state and shift', () => sharpnessAware(tf.train.sgd(0.1), hoarder())],
  ['every third step', () => sharpnessAware(tf.train.sgd(0.1), every(3, sam()))],
  ['diagnostics', () => sharpnessAware(tf.train.sgd(0.1), sam(), { diagnostics: true })],
  ['nesting', () => sharpnessAware(sharpnessAware(tf.train.adam(0.01), sam()), sam(), { perturb: ['weight'] })],
  ['weight decay', () => sharpnessAware(weightDecay(tf.train.sgd(0.1), { rate: 0.1 }), sam())],
];

/** Those that own tensors in different ways; the others differ from them in the base or in their length alone. */
const few = settings.filter(([name]) => ['adam', 'state and shift', 'nesting', 'weight decay'].includes(name));

// A tensor a step shows at once; 100 steps where ownership differs, and everywhere in `npm run test:all`.
const epochsOf = (name: string): number =>
  process.env['FLATMIN_TEST_ALL'] || few.some(([other]) => other === name) ? 25 : 4;

/** Tensors, buffers and bytes. */
const memory = () => {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  return { numTensors, numDataBuffers, numBytes };
};

describe.each(engines)('steps on %s, up to 100, leave no tensor behind', (engine) => {
  beforeEach(() => use(engine));

  it.each(settings)('in model.fit with %s', async (name, make) => {
    const { xs, ys } = batch();
    const model = compiled(classifier([tfl.layers.batchNormalization(), tfl.layers.dropout({ rate: 0.2 })]), make());
    const options = { epochs: 1, batchSize: 8, verbose: 0 } as const;
    await model.fit(xs, ys, options);
    const before = memory();
    await model.fit(xs, ys, { ...options, epochs: epochsOf(name) });
    expect(memory()).toEqual(before);
  });

  it.each(few)('in trainOnBatch with %s', async (_, make) => {
    const { xs, ys } = batch();
    const model = compiled(classifier(), make());
    await model.trainOnBatch(xs, ys);
    const before = memory();
    for (let step = 0; step < 100; step++) await model.trainOnBatch(xs, ys);
    expect(memory()).toEqual(before);
  });

  it.each(few)('in minimize and in hand-written loops, within tidy and without, with %s', (_, make) => {
    const [w, unused] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.scalar(1))];
    const loss = () => tf.tidy(() => tf.sum(tf.square(w)) as tf.Scalar);
    const optimizer = make();
    const byHand = () => {
      const { value, grads } = optimizer.computeGradients(loss, [w, unused]);
      optimizer.applyGradients(grads);
      return { value, grads };
    };
    optimizer.minimize(loss, false, [w, unused]);
    const before = memory();
    for (let step = 0; step < 50; step++) {
      optimizer.minimize(loss, false, [w, unused]);
      tf.tidy(() => void byHand());
      tf.dispose(byHand() as unknown as tf.TensorContainer);
    }
    expect(memory()).toEqual(before);
  });

  it.each(few)('when gradients are computed in one scope and applied in another, with %s', (_, make) => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const optimizer = make();
    const step = () => {
      tf.engine().startScope();
      const { value, grads } = optimizer.computeGradients(() => tf.sum(tf.square(w)) as tf.Scalar, [w]);
      tf.engine().endScope([value, grads]);
      tf.tidy(() => optimizer.applyGradients(grads));
      tf.dispose([value, grads]);
    };
    step();
    const before = memory();
    for (let i = 0; i < 50; i++) step();
    expect(memory()).toEqual(before);
  });

  it('when gradients are computed and never applied, or steps are skipped', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const optimizer = sharpnessAware(tf.train.sgd(0.1), hoarder(), { nonFinite: 'skip', diagnostics: true });
    const loss = (factor: number) => () => tf.mul(tf.sum(tf.square(w)), factor) as tf.Scalar;
    const unapplied = () => tf.tidy(() => void optimizer.computeGradients(loss(1), [w]));
    optimizer.minimize(loss(1), false, [w]);
    unapplied();
    const before = memory();
    for (let step = 0; step < 100; step++) unapplied();
    expect(memory()).toEqual(before);
    optimizer.minimize(loss(1), false, [w]);
    optimizer.minimize(loss(Number.NaN), false, [w]);
    const settled = memory();
    for (let step = 0; step < 100; step++) optimizer.minimize(loss(Number.NaN), false, [w]);
    expect(memory()).toEqual(settled);
    expect(optimizer.skipped).toBe(101);
  });

  it('after dispose', () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    // After a first step the variable no longer shares its data with the tensor it was made from.
    tf.train.sgd(0.1).minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]);
    const before = memory();
    // tf.train.adam frees all that is its own; tf.train.momentum leaks a scalar of its own when disposed.
    const optimizer = sharpnessAware(tf.train.adam(0.1), hoarder(), { diagnostics: true });
    for (let step = 0; step < 3; step++) optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]);
    tf.tidy(() => void optimizer.computeGradients(() => tf.sum(tf.square(w)) as tf.Scalar, [w]));
    optimizer.dispose();
    expect(memory()).toEqual(before);
  });
});
