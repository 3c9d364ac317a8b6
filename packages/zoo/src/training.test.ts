import { gradientRange, momentum, sharpnessAware } from '@flatmin/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Floats, f64 } from '../../core/src/testing/kinds.ts';
import { runs } from '../../core/src/testing/regression.ts';
import { walk } from '../../core/src/testing/walk.ts';
import { normalised, randomVariants } from './testing/random-variants.ts';

const seeds = fc.integer();

describe.each(Object.entries(randomVariants))('%s', (_, variants) => {
  it('asks for as many gradients as it declares, and of what it declares to need', () => {
    fc.assert(
      fc.property(normalised, variants, seeds, (problem, withRho, seed) => {
        const { gradients, needs, ...variant } = withRho(0.3);
        for (const [t, { asked }] of walk({ ...variant, needs }, problem, { seed, steps: 6 }).entries()) {
          const [least, most] = gradientRange(gradients!, t);
          const computed = asked.filter(({ about }) => about.losses !== 'only').length;
          expect([computed >= least, computed <= most], `${computed} gradients at step ${t}`).toEqual([true, true]);
          for (const { about } of asked) {
            if (about.shard) expect(needs).toContain('shards');
            if (about.batch) expect(needs).toContain('previousBatch');
            if (about.samples || about.losses) expect(needs).toContain('perSample');
          }
        }
      }),
      runs,
    );
  });

  it('goes on from a snapshot as if nothing had been, bit for bit', () => {
    fc.assert(
      fc.property(normalised, variants, seeds, (problem, withRho, seed) => {
        const make = () =>
          sharpnessAware<Floats>(momentum({ learningRate: 0.05 }), withRho(0.3), f64.algebra, {
            offers: ['perSample', 'shards', 'previousBatch'],
            seed,
          });
        const go = (optimizer: ReturnType<typeof make>, from: number, weights = problem.start) => {
          for (let step = from; step < from + 3; step++) ({ weights } = optimizer.step(weights, problem.at(step)));
          return weights;
        };
        const [first, second] = [make(), make()];
        const middle = go(first, 0);
        const snapshot = first.state();
        const end = go(first, 3, middle);
        second.restore(snapshot);
        expect(go(second, 3, middle)).toEqual(end);
      }),
      runs,
    );
  });
});
