import { adam, sharpnessAware } from '@flatmin/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Floats, f64, flat } from '../../core/src/testing/kinds.ts';
import { plus, scaled } from '../../core/src/testing/numbers.ts';
import { bowl, hessian, times } from '../../core/src/testing/problems.ts';
import { between, regression, runs, scenes } from '../../core/src/testing/regression.ts';
import { expectNear, walk } from '../../core/src/testing/walk.ts';
import { bsam } from './bsam.ts';

const share = between(0, 0.95);
const settings = fc.record({
  samples: fc.integer({ min: 1, max: 1e5 }),
  rho: between(0.01, 0.5),
  beta1: share,
  beta2: share,
  gamma: between(0.01, 1),
  delta: share,
  s0: between(0.1, 3),
});

const divided = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x / b[i]!);

describe('bSAM', () => {
  it('learns mean and precision: m and s as in Algorithm 1, the step taken with the s before', () => {
    fc.assert(
      fc.property(scenes, settings, fc.integer(), ({ problem, perturb, masked }, options, seed) => {
        const { rho, beta1, beta2, gamma, delta, s0 } = options;
        const eta = 0.05;
        let m: number[] = [];
        let s: number[] = [];
        for (const { w, asked, direction, shift, state } of walk(bsam(options), problem, { perturb, seed, eta })) {
          if (s.length === 0) [m, s] = [w.map(() => 0), w.map(() => s0)];
          const [noisy, there] = asked;
          const g = noisy!.gradient;
          const noise = plus(noisy!.weights, -1, w);
          expect(asked).toHaveLength(2);
          expect(masked(noise)).toEqual(noise);
          expectNear(there!.weights, plus(w, rho, divided(masked(g), s)));
          m = plus(scaled(beta1, m), 1 - beta1, plus(there!.gradient, delta, w));
          expect(direction).toBeUndefined();
          expectNear(shift, scaled(-eta, divided(m, s)), 1e-11);
          s = s.map((x, i) => beta2 * x + (1 - beta2) * (Math.sqrt(x) * Math.abs(g[i]!) + delta + gamma));
          expectNear(state['m'], m, 1e-11);
          expectNear(state['s'], s, 1e-11);
        }
      }),
      runs,
    );
  });

  it('without noise (N → ∞) takes one closed step on a quadratic: w − η(1−β₁)(H(w + ρHw/s₀) + δw)/s₀', () => {
    const { start, evaluate } = bowl(f64);
    const [rho, beta1, delta, s0, eta] = [0.3, 0.6, 0.2, 1.7, 0.1];
    const variant = bsam({ samples: 1e300, rho, beta1, delta, s0 });
    const [step] = walk(variant, { start, at: () => evaluate }, { steps: 1, eta });
    const w = flat(start);
    const there = times(hessian, plus(w, rho / s0, times(hessian, w)));
    expect(step!.asked[0]!.weights).toEqual(w);
    expectNear(step!.shift, scaled((-eta * (1 - beta1)) / s0, plus(there, delta, w)), 1e-14);
  });

  it('draws noise of variance 1/(Ns), anew at each step', () => {
    const layers = [[['kernel', 400]]] as const;
    const problem = regression({ layers, seed: 1, curved: false });
    const [samples, s0] = [50, 4];
    const walked = walk(bsam({ samples, s0, beta2: 0 }), problem, { steps: 3, seed: 2 });
    const drawn = walked.map(({ w, asked }, t) => {
      const s = walked[t - 1]?.state['s'] ?? w.map(() => s0);
      return plus(asked[0]!.weights, -1, w).map((x, i) => x * Math.sqrt(samples * s[i]!));
    });
    for (const z of drawn) {
      expect(Math.abs(z.reduce((sum, x) => sum + x, 0) / z.length)).toBeLessThan(0.2);
      expect(Math.abs(z.reduce((sum, x) => sum + x * x, 0) / z.length - 1)).toBeLessThan(0.3);
    }
    expect(new Set(drawn.flat().map((x) => x.toFixed(12))).size).toBe(1200);
  });

  it('lets the base optimizer rest: of it the learning rate alone counts', () => {
    fc.assert(
      fc.property(scenes, settings, ({ problem }, options) => {
        const alone = walk(bsam(options), problem, { steps: 4, eta: 0.05 }).at(-1)!;
        const optimizer = sharpnessAware<Floats>(adam({ learningRate: 0.05 }), bsam(options), f64.algebra);
        let weights = problem.start;
        for (let step = 0; step < 3; step++) ({ weights } = optimizer.step(weights, problem.at(step)));
        expect(flat(weights)).toEqual(alone.w);
        expect(optimizer.state()).toMatchObject({ base: { updates: 0, state: {} } });
      }),
      runs,
    );
  });
});
