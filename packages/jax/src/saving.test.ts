import { adam, type BaseOptimizer, momentum, sgd, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import { leaves, map } from '@flatmin/tree';
import type { Array as JaxArray } from '@jax-js/jax';
import { describe, expect, it } from 'vitest';
import { looksam, vasso } from '../../zoo/src/index.ts';
import { arrays, type SavedState, sharpnessAware } from './index.ts';
import { lossOf, start, type Weights } from './testing/network.ts';
import { countingSlots } from './testing/slots.ts';
import { valuesOf } from './testing/values.ts';

const live = await countingSlots();

type Optimizer = ReturnType<typeof sharpnessAware>;

function go(optimizer: Optimizer, from: Weights<JaxArray>, steps = 3): Weights<JaxArray> {
  let weights = from;
  for (let i = 0; i < steps; i++) {
    const { loss, ...result } = optimizer.step(weights, lossOf);
    loss.dispose();
    weights = result.weights;
  }
  return weights;
}

const copied = (weights: Weights<JaxArray>): Weights<JaxArray> => map((a: JaxArray) => arrays.share(a), weights);
const numbersOf = (weights: Weights<JaxArray>): number[][] => leaves<JaxArray>(weights).map(valuesOf);
const free = (weights: Weights<JaxArray>): void => leaves<JaxArray>(weights).forEach(arrays.dispose);

const bases: readonly BaseOptimizer[] = [
  sgd({ learningRate: 0.1 }),
  momentum({ learningRate: 0.1 }),
  adam({ learningRate: 0.01 }),
];
const pairs: readonly { base: BaseOptimizer; variant: Variant }[] = [
  { base: bases[0]!, variant: sam() },
  { base: bases[1]!, variant: vasso() },
  { base: bases[2]!, variant: looksam({ k: 2 }) },
];

describe('a state', () => {
  it.each(pairs)(
    'with $base.name and $variant.name lets the same steps follow, bit for bit, and leaves nothing behind',
    async ({ base, variant }) => {
      const [first, second] = [sharpnessAware(base, variant), sharpnessAware(base, variant, { seed: 9 })];
      free(go(first, start(), 1)); // compiled functions keep some constants
      first.dispose();
      const before = live();
      const middle = go(first, start());
      const state = structuredClone(await first.state());
      second.restore(state);
      const [end, again] = [go(first, copied(middle)), go(second, copied(middle))];
      expect(numbersOf(again)).toEqual(numbersOf(end));
      expect(second.steps).toBe(first.steps);
      [middle, end, again].forEach(free);
      for (const optimizer of [first, second]) optimizer.dispose();
      expect(live()).toBe(before);
    },
  );
});

describe('restoring', () => {
  const make = (variant = vasso(), base = bases[1]!) => sharpnessAware(base, variant);
  const taken = async (optimizer: Optimizer): Promise<SavedState> => {
    free(go(optimizer, start()));
    return optimizer.state();
  };

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'nothing',
      async () => undefined,
      'restore: that is no state of an optimizer; give what its method state returned.',
    ],
    [
      'a newer version',
      async () => ({ ...(await taken(make())), version: 2 }),
      'restore: the state is of version 2, and this one reads version 1; update @flatmin/jax.',
    ],
    [
      'too few arrays',
      async () => {
        const state = await taken(make());
        return { ...state, arrays: state.arrays.slice(1) };
      },
      'restore: the state has not all of its numbers; it is not whole, restore an earlier one.',
    ],
    [
      'too few numbers',
      async () => {
        const state = await taken(make());
        return { ...state, arrays: state.arrays.map((array) => ({ ...array, values: array.values.slice(1) })) };
      },
      'restore: the state has not all of its numbers',
    ],
    ['another variant', () => taken(make(looksam())), 'vasso: the state is one of looksam; restore one of vasso.'],
    [
      'another base',
      () => taken(make(vasso(), bases[2])),
      'momentum: the state is one of adam; restore one of momentum.',
    ],
  ])('refuses the state of %s; the steps go on as if it had not been offered', async (_, of, sentence) => {
    const [optimizer, other] = [make(), make()];
    const [middle, same] = [go(optimizer, start()), go(other, start())];
    const state = (await of()) as SavedState;
    const before = live();
    expect(() => optimizer.restore(state)).toThrow(sentence);
    expect(live()).toBe(before);
    expect(numbersOf(go(optimizer, middle))).toEqual(numbersOf(go(other, same)));
  });
});
