import { evaluate, scalarOf, treeOf } from '@flatmin/core';
import { describe, expect, it } from 'vitest';
import { complaint } from '../testing/breaking.ts';
import { climb, climbing } from '../testing/climbing.ts';
import { declaresState, resumes } from './state.ts';

describe('a state is caught', () => {
  it('that is not declared', async () => {
    const make = climbing({
      state: { one: treeOf(0), two: treeOf() },
      *step({ weights: w, step }) {
        const { gradient: g } = yield* evaluate(w);
        return { direction: g, state: step === 4 ? ({ three: g } as never) : { one: g } };
      },
    });
    expect(await complaint(declaresState, make)).toMatch(
      /at step 4: expected states named one, two, found "three"; declare it in state, by treeOf or scalarOf\.$/,
    );
  });

  it('where none is declared, though one may be returned as undefined', async () => {
    const make = climbing({
      *step({ weights: w, step }) {
        const { gradient: g } = yield* evaluate(w);
        return { direction: g, state: { found: step < 2 ? undefined : g } as never };
      },
    });
    expect(await complaint(declaresState, make)).toMatch(/at step 2: expected states named not at all, found "found"/);
  });

  it('that is declared a tree and is a number', async () => {
    const make = climbing({
      state: { mean: treeOf(0) },
      *step({ math: { norm }, weights: w }) {
        const { gradient: g } = yield* evaluate(w);
        return { direction: g, state: { mean: norm(g) } };
      },
    });
    expect(await complaint(declaresState, make)).toMatch(
      /at step 0: expected "mean" as it is declared, a tree like the weights, { hidden: .* }, found \[1\]; return it as declared/,
    );
  });

  it('that is declared a number and is a tree', async () => {
    const make = climbing({
      state: { mean: scalarOf(0) },
      *step({ weights: w }) {
        const { gradient: g } = yield* evaluate(w);
        return { direction: g, state: { mean: g as never } };
      },
    });
    expect(await complaint(declaresState, make)).toMatch(
      /at step 0: expected "mean" as it is declared, one number, found {/,
    );
  });
});

describe('what a snapshot does not hold is caught:', () => {
  it('a memory beside the state', async () => {
    const make = climbing(() => {
      let steps = 0;
      return { step: (given, rho) => climb(given, steps++ < 2 ? 0 : rho) };
    });
    expect(await complaint(resumes, make)).toMatch(
      /at step 2: expected .*; keep in state all that a step leaves to the next/,
    );
  });
});
