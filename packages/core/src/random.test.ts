import { leaves } from '@flatmin/tree';
import { describe, expect, it } from 'vitest';
import { every } from './every.ts';
import { evaluate } from './protocol.ts';
import { sgd } from './sgd.ts';
import { sharded } from './sharded.ts';
import { type Optimizer, sharpnessAware } from './sharpness-aware.ts';
import { type Floating, type Floats, flat, kinds } from './testing/kinds.ts';
import { network, type Problem } from './testing/problems.ts';
import { define, type Variant } from './variant.ts';

// Writes down what it draws: a number, a tree, a number.
function drawing(log: number[][]): Variant {
  return define({
    name: 'drawing',
    *step({ weights: w, random }) {
      const before = random.uniform();
      const noise = random.normal(w);
      log.push([before, ...leaves(noise).flatMap((leaf) => [...(leaf as Iterable<number>)]), random.uniform()]);
      return { direction: (yield* evaluate(w)).gradient };
    },
  });
}

describe.each(kinds)('random draws over $name', (kind) => {
  const { start, evaluate: at } = network(kind);

  function draws(seed: number | undefined, run: (optimizer: Optimizer<Floats>) => void, wrap = (v: Variant) => v) {
    const log: number[][] = [];
    const options = { offers: ['shards'] as const, ...(seed === undefined ? {} : { seed }) };
    run(sharpnessAware(sgd({ learningRate: 0.1 }), wrap(drawing(log)), kind.algebra, options));
    return log;
  }
  const steps = (count: number) => (optimizer: Optimizer<Floats>) => {
    for (let i = 0; i < count; i++) optimizer.step(start, at);
  };

  it('repeat with the seed, and differ between seeds, the default being 0', () => {
    expect(draws(1, steps(3))).toEqual(draws(1, steps(3)));
    expect(draws(undefined, steps(3))).toEqual(draws(0, steps(3)));
    const seeds = [-1, 0, 1, 2, 2 ** 31].map((seed) => JSON.stringify(draws(seed, steps(1))));
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('differ from step to step, and from leaf to leaf', () => {
    const numbers = draws(5, steps(4)).flat();
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('do not repeat shifted: one seed’s second step is not the next seed’s first', () => {
    const numbers = [0, 1, 2, 3].flatMap((seed) => draws(seed, steps(3)).flat());
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('are drawn again when a failed step is done again', () => {
    const failing: Problem['evaluate'] = () => {
      throw new Error('lost');
    };
    const log = draws(1, (optimizer) => {
      steps(1)(optimizer);
      expect(() => optimizer.step(start, failing)).toThrow('lost');
      steps(2)(optimizer);
    });
    expect(log[1]).toEqual(log[2]);
    expect([log[0], log[2], log[3]]).toEqual(draws(1, steps(3)));
  });

  it('of a skipped step do not come back, neither at once nor later', () => {
    const log: number[][] = [];
    const optimizer = sharpnessAware(sgd({ learningRate: 0.1 }), drawing(log), kind.algebra, { nonFinite: 'skip' });
    const spoilt: Problem['evaluate'] = (w) => ({ ...at(w), loss: Number.NaN });
    for (const evaluate of [at, spoilt, at, spoilt, at, at]) optimizer.step(start, evaluate);
    expect(optimizer.skipped).toBe(2);
    expect(new Set(log.flat()).size).toBe(log.flat().length);
  });

  it('differ between shards', () => {
    const [one, other] = draws(1, steps(1), (variant) => sharded(variant, 2));
    expect(one).not.toEqual(other);
  });

  it('do not depend on the steps between that draw nothing', () => {
    const all = draws(1, steps(5));
    expect(draws(1, steps(5), (variant) => every(2, variant))).toEqual([all[0], all[2], all[4]]);
  });

  it('have the weights’ structure and a normal’s size', () => {
    const log = draws(1, steps(100)).flatMap((row) => row.slice(1, -1));
    const variance = log.reduce((sum, x) => sum + x * x, 0) / log.length;
    expect(log).toHaveLength(100 * flat(start as Floating).length);
    expect(variance).toBeGreaterThan(0.9);
    expect(variance).toBeLessThan(1.1);
  });
});
