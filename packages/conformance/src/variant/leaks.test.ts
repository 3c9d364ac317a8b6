import { evaluate, float64, type ParamTree, type TreeMath } from '@flatmin/core';
import { describe, expect, it } from 'vitest';
import { complaint } from '../testing/breaking.ts';
import { climb, climbing } from '../testing/climbing.ts';
import { engine } from '../testing/counting-engine.ts';
import { variantChecks } from '../variant-checks.ts';
import { frees } from './leaks.ts';

describe('a variant is caught', () => {
  it('that keeps leaves from step to step', async () => {
    const make = climbing(() => {
      let last: ParamTree<never> | undefined;
      return {
        *step({ math: { add }, weights: w }) {
          const { gradient: g } = yield* evaluate(w);
          const direction = last === undefined ? g : add(g, last);
          last = g as never;
          return { direction };
        },
      };
    });
    expect(await complaint(frees, make)).toMatch(
      /at step 0: expected no error, found Error "addScaled was given a leaf that is not alive: it was freed, or never made/,
    );
  });

  it('that computes by other means than math', async () => {
    const make = climbing({
      *step({ math: { scale }, weights: w }, rho) {
        const { gradient: g } = yield* evaluate(w);
        return { direction: scale(g, float64.scalar(rho) as never) };
      },
    });
    expect(await complaint(frees, make)).toMatch(/found Error "mul was given a leaf that is not alive/);
  });

  it('that computes with the arithmetic of an earlier step', async () => {
    const make = climbing(() => {
      let first: TreeMath<never> | undefined;
      return {
        *step(given, rho) {
          first ??= given.math as never;
          (first as never as typeof given.math).norm(given.weights);
          return yield* climb(given, rho);
        },
      };
    });
    expect(await complaint(frees, make)).toMatch(
      /at step 0: expected \d+ leaves alive after .*step that was skipped at evaluation 1, those of weights and state, found \d+/,
    );
  });

  it('that makes leaves by the engine itself and leaves them there', async () => {
    const backend = engine();
    const make = climbing({
      step: (given, rho) => {
        backend.algebra.scalar(rho);
        return climb(given, rho);
      },
    });
    expect(await complaint(frees, make, { backend })).toMatch(
      /expected as many leaves in the engine as before, found \d+ more/,
    );
  });
});

it('a sound variant leaves as many leaves in the engine as there were, whatever is checked', async () => {
  const backend = engine();
  for (const { run } of variantChecks(climbing(), { backend })) await run();
  expect(backend.live?.()).toBe(0);
});
