import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asked, LossAndGradient } from './asked.ts';
import { NonFiniteError } from './non-finite.ts';
import { evaluate, losses } from './protocol.ts';
import { sgd } from './sgd.ts';
import { sharded } from './sharded.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { type Floats, f64 } from './testing/kinds.ts';
import { define, scalarOf, type Variant } from './variant.ts';

/** Descends along the samples whose loss is above the mean: by numbers that are not finite, along none. */
const choosing = (): Variant =>
  define({
    name: 'choosing',
    needs: ['perSample'],
    state: { n: scalarOf(0) },
    *step({ math: { leaf }, weights: w, state }) {
      yield* evaluate(w);
      const each = yield* losses(w);
      const mean = each.reduce((sum, x) => sum + x, 0) / each.length;
      const samples = [...each.keys()].filter((k) => each[k]! > mean);
      const { gradient } = yield* evaluate(w, { samples });
      return { direction: gradient, state: { n: leaf.add(state.n, 1) } };
    },
  });

type Line = { readonly w: Floats };

describe.each([choosing(), sharded(choosing(), 2)])(
  'losses of samples of which one is not finite, in $name,',
  (variant) => {
    const each = [1, 2, 3, 5];
    const bad = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    const answer =
      (spoiled: readonly number[]) =>
      ({ w }: Line, { losses: asked, samples, shard }: Asked): LossAndGradient<Floats, Line> => {
        const part = shard === undefined ? spoiled : spoiled.slice(2 * shard.index, 2 * shard.index + 2);
        if (samples?.length === 0) throw new RangeError('no samples are asked for');
        return { loss: 1, gradient: { w: w.map(() => samples?.length ?? 1) }, ...(asked && { losses: part }) };
      };
    const make = (nonFinite: 'error' | 'skip') =>
      sharpnessAware<Floats>(sgd({ learningRate: 1 }), variant, f64.algebra, {
        offers: ['perSample', 'shards'],
        nonFinite,
      });
    const start: Line = { w: f64.array([0]) };

    it('end the step with an error that names it, or skip it, and choose nothing', () => {
      fc.assert(
        fc.property(fc.nat(3), bad, (sample, x) => {
          const spoiled = each.map((loss, i) => (i === sample ? x : loss));
          const [strict, patient] = [make('error'), make('skip')];
          expect(() => strict.step(start, answer(spoiled))).toThrow(NonFiniteError);
          expect(() => strict.step(start, answer(spoiled))).toThrow(
            expect.objectContaining({ name: 'NonFiniteError' }),
          );
          expect(() => strict.step(start, answer(spoiled))).toThrow(
            /: the loss of sample \d is not finite \(step 0\);/,
          );
          const { weights, skipped } = patient.step(start, answer(spoiled));
          expect(skipped).toMatch(/^the loss of sample \d is not finite$/);
          expect([weights.w, patient.steps, patient.skipped]).toEqual([start.w, 0, 1]);
          for (const optimizer of [strict, patient]) {
            expect(optimizer.step(start, answer(each)).weights).toEqual(
              make('error').step(start, answer(each)).weights,
            );
          }
        }),
      );
    });

    it('end it by an error of its own where the variant has caught theirs', () => {
      const own = define({
        name: 'own',
        needs: ['perSample'],
        *step({ weights: w }) {
          const { gradient } = yield* evaluate(w);
          try {
            yield* losses(w);
          } catch {
            throw new RangeError('no choice among these samples');
          }
          return { direction: gradient };
        },
      });
      const optimizer = sharpnessAware<Floats>(sgd({ learningRate: 1 }), own, f64.algebra, {
        offers: ['perSample'],
        nonFinite: 'skip',
      });
      expect(() => optimizer.step(start, answer([Number.NaN]))).toThrow('no choice among these samples');
    });

    it('end it in a step with answers that take their time, too', async () => {
      const late = async (w: Line, asked: Asked) => answer([1, Number.NaN, 3, 5])(w, asked);
      await expect(make('error').stepAsync(start, late)).rejects.toThrow('the loss of sample 1 is not finite');
      await expect(make('skip').stepAsync(start, late)).resolves.toMatchObject({
        skipped: 'the loss of sample 1 is not finite',
      });
    });
  },
);
