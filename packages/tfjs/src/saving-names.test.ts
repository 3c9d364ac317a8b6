import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { vasso } from '../../zoo/src/index.ts';
import { sameVariables } from './same-variables.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { engines, use } from './testing/engines.ts';
import { batch, classifier, compiled } from './testing/problems.ts';

const variables = (...names: string[]) => names.map((name, i) => ({ name, shape: [i % 2, 3] }));
const same = (saved: string[], trained: string[]) =>
  Object.fromEntries(sameVariables('x', variables(...saved), variables(...trained)));

describe('variables are found again', () => {
  it('by name, in any order, and with layers frozen or thawed since', () => {
    expect(same(['a', 'b', 'c'], ['a', 'b', 'c'])).toEqual({});
    expect(same(['a', 'b', 'c'], ['a', 'b'])).toEqual({});
    expect(same(['a'], ['a', 'b', 'c'])).toEqual({});
    expect(same(['k_1', 'b', 'k_2'], ['k_2', 'b', 'k_1'])).toEqual({});
  });

  it('by place among those of one name, where names had to be made unique', () => {
    expect(same(['d/kernel', 'd/bias'], ['d/kernel_1', 'd/bias_1'])).toEqual({
      'd/kernel': 'd/kernel_1',
      'd/bias': 'd/bias_1',
    });
    expect(same(['0', '1'], ['7', '8'])).toEqual({ 0: '7', 1: '8' });
    expect(same(['w_1', 'w_2'], ['w_1_1', 'w_2_1'])).toEqual({ w_1: 'w_1_1', w_2: 'w_2_1' });
    expect(same(['k', 'k_1', 'b'], ['k_2', 'k_3'])).toEqual({ k: 'k_2', k_1: 'k_3' });
    expect(same(['Dense1/kernel', 'Dense2/kernel'], ['Dense3/kernel', 'Dense4/kernel_1'])).toEqual({
      'Dense1/kernel': 'Dense3/kernel',
      'Dense2/kernel': 'Dense4/kernel_1',
    });
  });

  it('and not where names or their numbers differ', () => {
    for (const [saved, trained] of [
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      [['a'], ['b']],
      [
        ['k', 'k_1', 'k_2'],
        ['k_5', 'k_6'],
      ],
    ]) {
      expect(() => same(saved!, trained!)).toThrow('restore the state of this model');
    }
    expect(() => same(['a', 'b', 'c', 'd'], ['e'])).toThrow(
      'x: the state restored is of the variables "a", "b", "c", …, and those trained are "e"; restore',
    );
  });
});

describe.each(engines)('on %s', (engine) => {
  beforeAll(() => use(engine));
  beforeEach(() => tf.disposeVariables());

  const go = async (model: tfl.LayersModel, steps: number): Promise<void> => {
    const { xs, ys } = batch();
    for (let i = 0; i < steps; i++) await model.trainOnBatch(xs, ys);
    tf.dispose([xs, ys]);
  };

  it('what was frozen when the state was taken goes on when it is thawed', async () => {
    const make = () => sharpnessAware(tf.train.momentum(0.1, 0.9), vasso());
    const values = { body: [0.3, -0.2], head: [0.5] };
    const create = (from: Record<string, number[]>) =>
      tf.tidy(() => Object.entries(from).map(([name, numbers]) => tf.variable(tf.tensor1d(numbers), true, name)));
    const go = (optimizer: ReturnType<typeof make>, all: tf.Variable[], trained: tf.Variable[]): void => {
      const loss = () => tf.addN(all.map((w) => tf.sum(tf.exp(tf.mul(w, w))))) as tf.Scalar;
      for (let i = 0; i < 2; i++) tf.tidy(() => void optimizer.minimize(loss, false, trained));
    };
    const numbersOf = (all: tf.Variable[]) => Object.fromEntries(all.map((w) => [w.name, Array.from(w.dataSync())]));

    const [first, second] = [make(), make()];
    let [body, head] = create(values) as [tf.Variable, tf.Variable];
    go(first, [body, head], [body, head]);
    go(first, [body, head], [head]);
    const [state, middle] = [await first.state(), numbersOf([body, head])];
    go(first, [body, head], [head]);
    go(first, [body, head], [head, body]);
    const end = numbersOf([body, head]);

    first.dispose();
    tf.dispose([body, head]);
    [body, head] = create(middle) as [tf.Variable, tf.Variable];
    await second.restore(state);
    go(second, [body, head], [head]);
    go(second, [body, head], [head, body]);
    expect(numbersOf([body, head])).toEqual(end);
  });

  it('saving and restoring, however often, leaves nothing behind', async () => {
    const { numTensors } = tf.memory();
    const optimizer = sharpnessAware(tf.train.adam(0.01), vasso());
    const model = compiled(classifier(), optimizer);
    await go(model, 1);
    await optimizer.getWeights();
    await optimizer.restore(await optimizer.state());
    await go(model, 1);
    const level = tf.memory();
    for (let i = 0; i < 3; i++) {
      await optimizer.setWeights(await optimizer.getWeights());
      await optimizer.restore(await optimizer.state());
      await go(model, 1);
    }
    expect(tf.memory().numTensors).toBe(level.numTensors);
    expect(tf.memory().numDataBuffers).toBe(level.numDataBuffers);
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('an optimizer of a class of its own is saved by its own getWeights, and its refusal is passed on', async () => {
    class Own extends tf.SGDOptimizer {
      static override readonly className = 'Own';
      seen = 0;
      override applyGradients(gradients: never): void {
        this.seen++;
        super.applyGradients(gradients);
      }
      override async getWeights() {
        return [{ name: 'seen/so far', tensor: tf.scalar(this.seen) }];
      }
      override async setWeights([weight]: Parameters<tf.Optimizer['setWeights']>[0]) {
        this.seen = weight!.tensor.dataSync()[0]!;
      }
    }
    const optimizer = sharpnessAware(new Own(0.1), sam());
    await go(compiled(classifier(), optimizer), 3);
    const own = new Own(0.1);
    const again = sharpnessAware(own, sam());
    await again.restore(await optimizer.state());
    expect(own.seen).toBe(3);
  });
});
