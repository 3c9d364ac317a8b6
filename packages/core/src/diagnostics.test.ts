import { describe, expect, it } from 'vitest';
import { adam } from './adam.ts';
import { withDiagnostics } from './diagnostics.ts';
import { every } from './every.ts';
import { plain } from './plain.ts';
import { evaluate } from './protocol.ts';
import { sharded } from './sharded.ts';
import { type StepResult, sharpnessAware } from './sharpness-aware.ts';
import { type Floats, flat, kinds } from './testing/kinds.ts';
import { network, networkLoss } from './testing/problems.ts';
import { train } from './testing/train.ts';
import { climb, msam, parallel, restless, smoothed, wsam } from './testing/variants.ts';
import { define, type Variant } from './variant.ts';

const rho = 0.3;
const norm = (a: readonly number[]): number => Math.hypot(...a);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

const numbers = ({ diagnostics }: StepResult<Floats>): Record<string, number> =>
  Object.fromEntries(Object.entries(diagnostics).map(([name, [value]]) => [name, value!]));

describe.each(kinds)('diagnostics over $name', (kind) => {
  const problem = network(kind);
  const w = flat(problem.start);
  const make = (variant: Variant) =>
    sharpnessAware(adam({ learningRate: 0.05 }), variant, kind.algebra, { offers: ['shards', 'previousBatch'] });
  const report = (variant: Variant) => numbers(make(variant).step(problem.start, problem.evaluate));

  // What SAM's step sees on a part of the batch, computed from plain numbers.
  const expected = (shard = { index: 0, count: 1 }) => {
    const { loss, gradient: g } = networkLoss(w, shard);
    const displaced = w.map((x, i) => x + (rho * g[i]!) / norm(g));
    const there = networkLoss(displaced, shard);
    return {
      loss,
      perturbedLoss: there.loss,
      gradientNorm: norm(g),
      epsilonNorm: rho,
      cosine: dot(g, there.gradient) / norm(g) / norm(there.gradient),
    };
  };
  const expectClose = (got: Record<string, number>, wanted: Record<string, number>): void => {
    expect(Object.keys(got)).toEqual(Object.keys(wanted));
    for (const [name, value] of Object.entries(wanted)) {
      expect(Math.abs(got[name]! - value), name).toBeLessThan(10 * kind.rounding);
    }
  };

  it('tell both losses, the norms and the angle between the gradients', () => {
    expectClose(report(withDiagnostics(climb(rho))), expected());
  });

  it('tell of one evaluation that nothing moved', () => {
    const { loss, gradientNorm } = expected();
    const still = { loss, perturbedLoss: loss, gradientNorm, epsilonNorm: 0, cosine: 1 };
    expectClose(report(withDiagnostics(plain())), still);
  });

  it('tell the mean over shards, each compared with itself, inside and outside alike', () => {
    const parts = [0, 1].map((index) => expected({ index, count: 2 }));
    const mean = Object.fromEntries(
      Object.entries(parts[0]!).map(([name, value]) => [name, (value + parts[1]![name as 'loss']) / 2]),
    );
    expectClose(report(withDiagnostics(sharded(climb(rho), 2))), mean);
    expect(report(sharded(withDiagnostics(climb(rho)), 2))).toEqual(report(withDiagnostics(sharded(climb(rho), 2))));
  });

  it('follow every through its two kinds of steps', () => {
    const optimizer = make(withDiagnostics(every(2, climb(rho))));
    const first = optimizer.step(problem.start, problem.evaluate);
    const second = optimizer.step(first.weights, problem.evaluate);
    expect(numbers(first)['epsilonNorm']).toBeCloseTo(rho, 5);
    expect(numbers(second)['epsilonNorm']).toBe(0);
  });

  it('compare with this batch, not with the one before', () => {
    const result = make(withDiagnostics(parallel(rho))).step(problem.start, (weights, about) => {
      const answer = problem.evaluate(weights, about);
      return about.batch === 'previous' ? { ...answer, loss: -1 } : answer;
    });
    expect(numbers(result)['loss']).toBeCloseTo(expected().loss, 6);
  });

  it('stand beside what the variant reports itself, which has precedence', () => {
    const talking = define({
      name: 'talking',
      *step(given) {
        const outcome = yield* plain().step(given);
        return { ...outcome, diagnostics: { cosine: given.math.leaf.scalar(7), own: given.math.leaf.scalar(8) } };
      },
    });
    expect(report(withDiagnostics(talking))).toMatchObject({ cosine: 7, own: 8, epsilonNorm: 0 });
  });

  it('tell nothing of a step that has evaluated nothing to tell of, and leave its refusal as it is', () => {
    const probing = define({
      name: 'probing',
      *step({ weights: w }) {
        return { direction: (yield* evaluate(w, { probe: true })).gradient };
      },
    });
    expect(report(withDiagnostics(probing))).toEqual({});
    const backward = define({
      name: 'backward',
      needs: ['previousBatch'],
      *step({ weights: w }) {
        return { direction: (yield* evaluate(w, { batch: 'previous' })).gradient };
      },
    });
    expect(() => report(withDiagnostics(backward))).toThrow('backward returned without an evaluation of the batch');
  });

  it('have a cosine of 0 where a gradient is zero', () => {
    const flatland = { loss: 1, gradient: kind.array([0]) };
    const { diagnostics } = make(withDiagnostics(climb(rho))).step(kind.array([1]), () => flatland);
    expect([...diagnostics['cosine']!]).toEqual([0]);
  });

  it.each([plain(), climb(rho), msam(rho), wsam(rho), smoothed(rho), restless(rho), sharded(restless(rho), 2)])(
    'leave the steps of $name as they were, bit for bit',
    (variant) => {
      expect(train(make(withDiagnostics(variant)), problem, 10)).toEqual(train(make(variant), problem, 10));
    },
  );
});
