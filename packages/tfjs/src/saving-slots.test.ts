import { define, evaluate, scalarOf } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware } from './sharpness-aware.ts';
import type { SharpnessAwareOptimizer } from './sharpness-aware-optimizer.ts';
import { engines, use } from './testing/engines.ts';

const start = (): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.2, 0.5])));
const adam = (options: object = {}): SharpnessAwareOptimizer => sharpnessAware(tf.train.adam(0.01), sam(), options);

function trained(optimizer: SharpnessAwareOptimizer, w: tf.Variable, steps = 3, factor = 1): number[] {
  const loss = () => tf.mul(tf.sum(tf.square(tf.sub(tf.exp(w), tf.tensor1d([1, 2, 3])))), factor) as tf.Scalar;
  for (let i = 0; i < steps; i++) tf.tidy(() => void optimizer.minimize(loss, false, [w]));
  return Array.from(w.dataSync());
}

const put = (w: tf.Variable, numbers: number[]): void => tf.tidy(() => void w.assign(tf.tensor1d(numbers)));

describe.each(engines)('on %s', (engine) => {
  beforeAll(() => use(engine));
  beforeEach(() => tf.disposeVariables());

  it.each<[string, () => tf.Optimizer]>([
    ['centered RMSProp', () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7, true)],
    ['Adamax with a decay', () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7, 0.1)],
  ])('%s goes on from its state, bit for bit', async (_, base) => {
    const make = () => sharpnessAware(base(), sam());
    const [first, second, w] = [make(), make(), start()];
    const middle = trained(first, w);
    await second.restore(await first.state());
    const end = trained(first, w);
    put(w, middle);
    expect(trained(second, w)).toEqual(end);
  });

  it('a number in the state of a variant goes on, for a variable of another name too', async () => {
    const slowing = define({
      name: 'slowing',
      state: { factor: scalarOf(1) },
      *step({ math: { scale, leaf }, weights: w, state }) {
        const { gradient } = yield* evaluate(w);
        return { direction: scale(gradient, state.factor), state: { factor: leaf.mul(state.factor, 0.5) } };
      },
    });
    const make = () => sharpnessAware(tf.train.momentum(0.01, 0.9), slowing);
    const [first, second, w] = [make(), make(), start()];
    const middle = trained(first, w);
    await second.restore(await first.state());
    const [other, end] = [start(), trained(first, w)];
    put(other, middle);
    expect(trained(second, other)).toEqual(end);
  });

  it('accumulators that were restored are not trainable, as those that the base makes are not', async () => {
    const [first, second, w] = [adam(), adam(), start()];
    trained(first, w);
    await second.restore(await first.state());
    // TensorFlow.js makes Adam's powers of β trainable, which are of one number each.
    const accumulators = Object.values(tf.engine().registeredVariables).filter((v) => v !== w && v.size > 1);
    expect(accumulators.map(({ trainable }) => trainable)).toEqual([false, false, false, false]);
  });

  it.each<[string, () => tf.Optimizer]>([
    ['SGD', () => tf.train.sgd(0.1)],
    ['Adam', () => tf.train.adam(0.1)],
  ])('the learning rate goes on that was set since %s was made', async (_, base) => {
    const [first, second, w] = [sharpnessAware(base(), sam()), sharpnessAware(base(), sam()), start()];
    trained(first, w);
    first.learningRate = 0.03;
    await second.restore(await first.state());
    expect(second.learningRate).toBe(0.03);
    const middle = Array.from(w.dataSync());
    const end = trained(first, w);
    put(w, middle);
    expect(trained(second, w)).toEqual(end);
  });

  it('all counts go on: steps, skipped steps, the iterations of wrapper and base', async () => {
    const [first, second, w] = [adam({ nonFinite: 'skip' }), adam(), start()];
    trained(first, w);
    trained(first, w, 2, Number.NaN);
    await second.restore(await first.state());
    expect([second.steps, second.skipped, second.iterations, second.base.iterations]).toEqual([3, 2, 5, 3]);
  });

  it('the configuration has the seed that is in force, that of a state restored too', async () => {
    const [first, second, w] = [adam({ seed: 3 }), adam({ seed: 9 }), start()];
    trained(first, w);
    await second.restore(await first.state());
    expect(second.getConfig()).toEqual(first.getConfig());
  });

  it('a state is a copy: what is written into it afterwards changes no optimizer', async () => {
    const [first, second, w] = [adam(), adam(), start()];
    const middle = trained(first, w);
    const [state, untouched] = [await first.state(), structuredClone(await first.state())];
    await second.restore(state);
    for (const { values } of Object.values(state.tensors)) values.fill(7);
    expect(await first.state()).toEqual(untouched);
    const end = trained(first, w);
    put(w, middle);
    expect(trained(second, w)).toEqual(end);
  });
});
