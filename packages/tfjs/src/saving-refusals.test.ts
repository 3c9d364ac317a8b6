import { plain } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { looksam, vasso } from '../../zoo/src/index.ts';
import type { OptimizerState } from './saved-state.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { engines, use } from './testing/engines.ts';
import { classifier, compiled } from './testing/problems.ts';
import { useVariants } from './use-variants.ts';
import { weightDecay } from './weight-decay.ts';
import type { WrappingOptimizer } from './wrapping-optimizer.ts';

const target = () => tf.tensor1d([1, 2, 3]);
const loss = (w: tf.Variable) => () => tf.sum(tf.square(tf.sub(tf.exp(w), target()))) as tf.Scalar;

function trained(optimizer: WrappingOptimizer, w: tf.Variable, steps = 3): number[] {
  for (let i = 0; i < steps; i++) tf.tidy(() => void optimizer.minimize(loss(w), false, [w]));
  return Array.from(w.dataSync());
}

const start = (name?: string): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.2, 0.5]), true, name));
const momentum = () => tf.train.momentum(0.01, 0.9);

async function stateOf(optimizer: WrappingOptimizer): Promise<OptimizerState> {
  trained(optimizer, start());
  return optimizer.state();
}

describe.each(engines)('on %s', (engine) => {
  beforeAll(() => use(engine));
  beforeEach(() => tf.disposeVariables());

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'nothing',
      async () => undefined,
      'sharpnessAware: that is no state of an optimizer; give what its method state returned.',
    ],
    ['something else', async () => ({ format: 'other', parts: [] }), 'that is no state of an optimizer'],
    [
      'a newer version',
      async () => ({ ...(await stateOf(sharpnessAware(momentum(), vasso()))), version: 2 }),
      'sharpnessAware: the state is of version 2, and this one reads version 1; update @flatmin/tfjs.',
    ],
    [
      'another variant',
      () => stateOf(sharpnessAware(momentum(), looksam())),
      'vasso: the state is one of looksam; restore one of vasso.',
    ],
    [
      'another base',
      () => stateOf(sharpnessAware(tf.train.adam(0.01), vasso())),
      'sharpnessAware: the state has a part of Adam where Momentum is; restore it into an optimizer like the one it was taken from.',
    ],
    [
      'another wrapper',
      () => stateOf(weightDecay(momentum(), { rate: 0.1 })),
      'sharpnessAware: the state has a part of WeightDecay where SharpnessAware is',
    ],
    [
      'a wrapper more',
      () => stateOf(sharpnessAware(weightDecay(momentum(), { rate: 0.1 }), vasso())),
      'sharpnessAware: the state has a part of WeightDecay where Momentum is',
    ],
    [
      'too few parts',
      async () => ({ ...(await stateOf(sharpnessAware(momentum(), vasso()))), parts: [], tensors: {} }),
      'sharpnessAware: the state lacks a part; restore an earlier one, this is not whole.',
    ],
    [
      'a tensor cut short',
      async () => {
        const state = await stateOf(sharpnessAware(momentum(), vasso()));
        const cut = Object.entries(state.tensors).map(([name, t]) => [name, { ...t, values: t.values.slice(1) }]);
        return { ...state, tensors: Object.fromEntries(cut) };
      },
      'of shape [3]; it is not whole, restore an earlier one.',
    ],
    [
      'parts that do not tell how many tensors they have',
      async () => {
        const state = await stateOf(sharpnessAware(momentum(), vasso()));
        return { ...state, parts: state.parts.map(({ tensors, ...part }) => part) };
      },
      'sharpnessAware: the state has not all of its tensors; it is not whole, restore an earlier one.',
    ],
    [
      'tensors left out',
      async () => ({ ...(await stateOf(sharpnessAware(momentum(), vasso()))), tensors: {} }),
      'sharpnessAware: the state has not all of its tensors; it is not whole, restore an earlier one.',
    ],
  ])('refuses the state of %s, and goes on as if it had not been offered', async (_, make, sentence) => {
    const [one, other] = [sharpnessAware(momentum(), vasso()), sharpnessAware(momentum(), vasso())];
    const [w, v] = [start(), start()];
    for (const [optimizer, variable] of [
      [one, w],
      [other, v],
    ] as const)
      trained(optimizer, variable);
    const state = (await make()) as OptimizerState;
    const { numTensors } = tf.memory();
    await expect(one.restore(state)).rejects.toThrow(sentence);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(trained(one, w)).toEqual(trained(other, v));
  });

  it('of another model are refused at the next step, which changes nothing; the right one is still taken', async () => {
    const [a, b] = [start('layer/kernel'), tf.tidy(() => tf.variable(tf.zeros([2]), true, 'head/kernel'))];
    const optimizer = sharpnessAware(momentum(), vasso());
    const middle = trained(optimizer, a);
    const state = await optimizer.state();
    const end = trained(optimizer, a);

    const second = sharpnessAware(momentum(), vasso());
    await second.restore(state);
    const { numTensors } = tf.memory();
    expect(() => second.minimize(() => tf.sum(b) as tf.Scalar, false, [b])).toThrow(
      'sharpnessAware: the state restored is of the variables "layer/kernel", and those trained are "head/kernel"; restore the state of this model.',
    );
    expect([Array.from(b.dataSync()), tf.memory().numTensors]).toEqual([[0, 0], numTensors]);
    const again = tf.tidy(() => tf.variable(tf.tensor1d(middle), true, 'layer/kernel_1'));
    expect(trained(second, again)).toEqual(end);
  });

  it('of a variable of another shape are refused, naming it', async () => {
    const first = sharpnessAware(momentum(), vasso());
    trained(first, start('w'));
    const state = await first.state();
    tf.disposeVariables();
    const w = tf.tidy(() => tf.variable(tf.zeros([2]), true, 'w'));
    const second = sharpnessAware(momentum(), vasso());
    await second.restore(state);
    expect(() => second.minimize(() => tf.sum(w) as tf.Scalar, false, [w])).toThrow(
      'the variable "w" has the shape [2], and the state restored has [3] for it',
    );
  });

  it('refuses to save what cannot be written down, by its name, and leaves nothing behind', async () => {
    const refused = async (optimizer: WrappingOptimizer, sentence: string): Promise<void> => {
      const model = compiled(classifier(), optimizer);
      const { numTensors } = tf.memory();
      const handler = tf.io.withSaveHandler(() => expect.fail('was written'));
      await expect(model.save(handler, { includeOptimizer: true })).rejects.toThrow(sentence);
      expect(tf.memory().numTensors).toBe(numTensors);
    };
    await refused(sharpnessAware(momentum(), sam({ rho: () => 0.1 })), 'sam.rho is a function, which cannot be saved');
    await refused(
      sharpnessAware(momentum(), sam(), { roles: () => undefined }),
      'sharpnessAware.options.roles is a function, which cannot be saved',
    );
    await refused(
      weightDecay(momentum(), { rate: 0.1, exclude: () => true }),
      'weightDecay.options.exclude is a function, which cannot be saved',
    );
  });
});

it('loading a variant that is not known names it and the remedy', () => {
  useVariants(plain);
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const [type, fromConfig] = classNameMap['SharpnessAware']!;
  const config = sharpnessAware(momentum(), sam()).getConfig();
  expect(() => fromConfig(type, config)).toThrow(
    'The variant "sam" is not known; call useVariants with the function that makes it before loading.',
  );
  for (const foreign of [{ learningRate: 0.1 }, { name: 'SGD' }]) {
    expect(() => fromConfig(type, foreign)).toThrow(
      'sharpnessAware: that is no configuration of it; give what getConfig returned.',
    );
  }
  const newer = { name: String(config['name']).replace('"version":1', '"version":2') };
  expect(() => fromConfig(type, newer)).toThrow('the configuration is of version 2, and this one reads version 1');
  const strange = { name: String(config['name']).replace('"Momentum"', '"Impetus"') };
  useVariants(sam);
  expect(() => fromConfig(type, strange)).toThrow('The optimizer class "Impetus" is not known; register it');
});
