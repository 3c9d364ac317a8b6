import { evaluate, leaves, read, treeOf } from '@flatmin/core';
import { describe, expect, it } from 'vitest';
import { complaint } from '../testing/breaking.ts';
import { climb, climbing, overwrite } from '../testing/climbing.ts';
import { refusesNonFinite } from './non-finite.ts';

describe('where something is not finite, a variant is caught', () => {
  it('that throws an error of its own', async () => {
    const make = climbing({
      *step({ weights: w }) {
        const { gradient: g, loss } = yield* evaluate(w);
        if (!Number.isFinite(yield* read(loss))) throw new Error('the loss is not finite');
        return { direction: g };
      },
    });
    expect(await complaint(refusesNonFinite, make)).toMatch(
      /at step 0: expected a NonFiniteError where the loss of evaluation 1 is NaN, found Error "the loss is not finite"; let what/,
    );
  });

  it('that looks at gradients itself', async () => {
    const make = climbing({
      *step({ math: { norm }, weights: w }) {
        const { gradient: g } = yield* evaluate(w);
        if (Number.isFinite(yield* read(norm(g)))) return { direction: g };
        throw new RangeError('the gradient is infinite');
      },
    });
    expect(await complaint(refusesNonFinite, make)).toMatch(
      /at step 0: expected a NonFiniteError where the gradient of evaluation 1 is NaN, found RangeError/,
    );
  });

  it('that hides it from the inspection', async () => {
    const make = climbing({
      *step({ math: { full }, weights: w }) {
        const { gradient } = yield* evaluate(w);
        for (const leaf of leaves<unknown>(gradient)) (leaf as Float64Array).fill(1);
        return { direction: full(w, 1) };
      },
    });
    expect(await complaint(refusesNonFinite, make)).toMatch(
      /at step 0: expected a NonFiniteError where the gradient of evaluation 1 is NaN, found no error; let what/,
    );
  });

  it('that remembers the step', async () => {
    const make = climbing(() => {
      let steps = 0;
      return { step: (given, rho) => climb(given, rho * ++steps) };
    });
    expect(await complaint(refusesNonFinite, make)).toMatch(/at step 0: expected .*; keep nothing outside state/);
  });

  it('that writes into its state when the step is to be skipped', async () => {
    const make = climbing({
      state: { last: treeOf(0) },
      *step({ math: { norm, mul, full }, weights: w, state: { last } }) {
        const { gradient: g } = yield* evaluate(w);
        if (!Number.isFinite(yield* read(norm(g)))) overwrite(last, 3);
        return { direction: g, state: { last: mul(full(w, 0), last) } };
      },
    });
    expect(await complaint(refusesNonFinite, make)).toMatch(
      /at step \d: expected 0 at "state\/last\/hidden\/kernel"\[0\], found 3; never write into state/,
    );
  });
});
