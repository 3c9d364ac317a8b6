import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalised, randomVariants } from '../../zoo/src/testing/random-variants.ts';
import { accumulate } from './accumulate.ts';
import { type Bound, clip } from './clip.ts';
import { withDiagnostics } from './diagnostics.ts';
import { every } from './every.ts';
import { gradientRange } from './gradient-count.ts';
import { type RhoFactor, rhoByPath } from './rho-by-path.ts';
import { sharded } from './sharded.ts';
import { type BatchProblem, between } from './testing/regression.ts';
import { type Walked, walk } from './testing/walk.ts';
import type { Variant } from './variant.ts';

type Combinator = (variant: Variant) => Variant;

const named = (name: string, combinator: Combinator): Combinator =>
  Object.assign(combinator, { [fc.toStringMethod]: () => name });

const all: readonly RhoFactor[] = [[['weight', 'bias', 'gamma', 'beta'], 1]];
const large = 1e30;

// A part of a batch has no parts of its own, and may have fewer samples than a variant picks.
const inParts = (variant: Variant, count: number): Variant =>
  variant.needs.length === 0 ? sharded(variant, count) : variant;

/** Those that change nothing. */
const neutral: readonly Combinator[] = [
  named('accumulate(1)', (variant) => accumulate(1, variant)),
  named('every(1)', (variant) => every(1, variant)),
  named('sharded(1)', (variant) => inParts(variant, 1)),
  named('clip by norm', (variant) => clip(variant, { gradients: { globalNorm: large }, direction: { norm: large } })),
  named('clip by value', (variant) => clip(variant, { gradients: { value: large }, direction: { value: large } })),
  named('rhoByPath(1)', (variant) => rhoByPath(variant, all)),
  named('withDiagnostics', withDiagnostics),
];

const bounds: fc.Arbitrary<Bound> = fc.oneof(
  fc.record({ value: between(0.05, 1) }),
  fc.record({ norm: between(0.05, 1) }),
  fc.record({ globalNorm: between(0.05, 1) }),
);

/** Those that change something. */
const around: fc.Arbitrary<Combinator> = fc.oneof(
  fc
    .record({ gradients: bounds, direction: bounds })
    .map((options) => named(`clip(${fc.stringify(options)})`, (variant) => clip(variant, options))),
  between(0, 2).map((f) => named(`rhoByPath(${f})`, (variant) => rhoByPath(variant, [[['gamma', 'beta'], f], ...all]))),
  fc.constant(named('sharded(2)', (variant) => inParts(variant, 2))),
  fc.constant(named('withDiagnostics', withDiagnostics)),
);
/** Steps are left out within an accumulation, never around it. */
const inside: fc.Arbitrary<Combinator> = fc.oneof(
  around,
  fc.integer({ min: 2, max: 3 }).map((k) => named(`every(${k})`, (variant) => every(k, variant))),
);
const accumulating: fc.Arbitrary<Combinator> = fc
  .integer({ min: 1, max: 3 })
  .map((k) => named(`accumulate(${k})`, (variant) => accumulate(k, variant)));
const nestings: fc.Arbitrary<readonly Combinator[]> = fc
  .tuple(fc.array(inside, { maxLength: 3 }), accumulating, fc.array(around, { maxLength: 2 }))
  .map(([inner, one, outer]) => [...inner, one, ...outer]);

const nested = (variant: Variant, combinators: readonly Combinator[]): Variant =>
  combinators.reduce((inner, combinator) => combinator(inner), variant);

/** What a variant returned at each step. */
const trace = (variant: Variant, problem: BatchProblem): Omit<Walked, 'asked'>[] =>
  walk(variant, problem, { steps: 5 }).map(({ asked: _, ...returned }) => returned);

const numbersOf = ({ w, direction = [], shift = [], state }: Omit<Walked, 'asked'>): number[] => [
  ...w,
  ...direction,
  ...shift,
  ...Object.values(state).flat(),
];

const runs = { numRuns: 10 };

describe.each(Object.entries(randomVariants))('combinators around %s', (_, variants) => {
  const of = variants.map((withRho) => withRho(0.3));

  it('change nothing, bit for bit, at settings that do nothing, however nested', () => {
    const quiet = fc.shuffledSubarray([...neutral], { minLength: 2 });
    fc.assert(
      fc.property(normalised, of, quiet, (problem, variant, combinators) => {
        expect(trace(nested(variant, combinators), problem)).toEqual(trace(variant, problem));
      }),
      runs,
    );
  });

  it('keep the steps finite and repeatable, and the count of gradients as declared, however nested', () => {
    fc.assert(
      fc.property(normalised, of, nestings, (problem, variant, combinators) => {
        const whole = nested(variant, combinators);
        const steps = trace(whole, problem);
        expect(steps.flatMap(numbersOf).every(Number.isFinite)).toBe(true);
        expect(trace(whole, problem)).toEqual(steps);
        for (const [step, { asked }] of walk(whole, problem, { steps: 5 }).entries()) {
          const [least, most] = gradientRange(whole.gradients!, step);
          const count = asked.filter(({ about }) => about.losses !== 'only').length;
          expect(count).toBeGreaterThanOrEqual(least);
          expect(count).toBeLessThanOrEqual(most);
        }
      }),
      runs,
    );
  });
});
