import { map } from '@flatmin/tree';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counting } from '../../conformance/src/counting.ts';
import { cases } from '../../tree/src/testing/cases.ts';
import { oddName } from '../../tree/src/testing/random-trees.ts';
import type { LossAndGradient } from './asked.ts';
import { momentum } from './momentum.ts';
import { evaluate } from './protocol.ts';
import { type Optimizer, sharpnessAware } from './sharpness-aware.ts';
import { type Floats, type Kind, kinds, overwritten } from './testing/kinds.ts';
import { define, treeOf, type Variant } from './variant.ts';

/** Goes element by element, so that what one leaf does is nothing to the others; its state is a running sum. */
const elementwise = (): Variant =>
  define({
    name: 'elementwise',
    state: { sum: treeOf(0.5) },
    *step({ math: { add, addScaled, scale }, weights: w, state }) {
      const { gradient: g } = yield* evaluate(w);
      const { gradient } = yield* evaluate(addScaled(w, 0.1, g));
      const sum = add(scale(state.sum, 0.5), gradient);
      return { direction: sum, shift: scale(g, -0.01), state: { sum } };
    },
  });

type Weights = Readonly<Record<string, Floats>>;

const mistakes: Readonly<Record<string, (answer: LossAndGradient<Floats, Weights>) => unknown>> = {
  throws: () => {
    throw new Error('no such batch');
  },
  'is NaN': (answer) => ({ ...answer, loss: Number.NaN }),
  'lacks the gradient': ({ loss }) => ({ loss }),
  'lacks a leaf': ({ loss }) => ({ loss, gradient: {} }),
  'is late': async (answer) => answer,
};

/** One thing that happens: a step over some of the leaves, one that fails, or a change of optimizers. */
const event = fc.oneof(
  fc.record({ kind: fc.constant('step' as const), members: fc.subarray([0, 1, 2, 3], { minLength: 1 }) }),
  fc.record({
    kind: fc.constant('failure' as const),
    members: fc.subarray([0, 1, 2, 3], { minLength: 1 }),
    mistake: fc.constantFrom(...Object.keys(mistakes)),
    at: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ kind: fc.constant('another optimizer goes on from its state' as const) }),
);

const names = fc.uniqueArray(oddName, { minLength: 4, maxLength: 4 });

describe.each(kinds)('over $name', (kind: Kind) => {
  const backend = () => counting(kind.algebra, overwritten);

  it('a leaf is trained by the steps that it takes part in and no others, whatever fails, rests or is saved', () => {
    fc.assert(
      fc.property(names, fc.array(event, { maxLength: 12 }), (labels, program) => {
        const { algebra, adopt, alive, free } = backend();
        const make = (): Optimizer<Floats> => sharpnessAware(momentum({ learningRate: 0.1 }), elementwise(), algebra);
        // The gradient of ‖w‖²/2 is w.
        const evaluated = (w: Weights): LossAndGradient<Floats, Weights> => ({
          loss: 1,
          gradient: adopt(map((leaf: Floats) => leaf.slice(), w)),
        });
        const start = (i: number): Floats => adopt(kind.array([i, -0.5, 1].slice(0, i)));
        const [ours, theirs] = [0, 1].map(() => labels.map((_, i) => start(i))) as [Floats[], Floats[]];
        const own = labels.map(make);
        let shared = make();
        const some = (members: readonly number[]): Weights =>
          Object.fromEntries(members.map((i) => [labels[i]!, ours[i]!]));

        for (const each of program) {
          if (each.kind === 'another optimizer goes on from its state') {
            const next = make();
            const state = shared.state();
            next.restore(state);
            free([state.state, state.resting, state.base.state, state.base.resting]);
            shared.dispose();
            shared = next;
          } else if (each.kind === 'failure') {
            let asked = 0;
            const spoiled = (w: Weights) =>
              (++asked === each.at ? mistakes[each.mistake]!(evaluated(w)) : evaluated(w)) as never;
            const before = alive.size;
            expect(() => shared.step(some(each.members), spoiled)).toThrow();
            // What the function made and never handed over is its own.
            for (const leaf of [...alive].slice(before)) algebra.dispose(leaf);
          } else {
            const { weights, loss } = shared.step(some(each.members), evaluated);
            free(loss);
            for (const i of each.members) {
              free([ours[i]!]);
              ours[i] = weights[labels[i]!]!;
              const alone = own[i]!.step({ w: theirs[i]! } as Weights, evaluated);
              free([theirs[i]!, alone.loss]);
              theirs[i] = alone.weights['w']!;
            }
          }
          expect([each, ours]).toEqual([each, theirs]);
        }
        for (const optimizer of [shared, ...own]) optimizer.dispose();
        free([ours, theirs]);
        expect(alive.size).toBe(0);
      }),
      cases(200),
    );
  });
});
