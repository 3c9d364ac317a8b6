import { momentum, rhoByPath, sharpnessAware } from '@flatmin/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Floats, f64, flat } from '../../core/src/testing/kinds.ts';
import { epsilonOf, plus, scaled } from '../../core/src/testing/numbers.ts';
import { between, runs, scenes } from '../../core/src/testing/regression.ts';
import { expectNear, walk } from '../../core/src/testing/walk.ts';
import { sampa } from './sampa.ts';

const radius = between(0.01, 1);
const shares = between(0, 0.95);
const decays = fc.constantFrom(0, 0.1);

describe('SAMPa', () => {
  it('asks at x + ρ d/‖d‖ and at y = x − η(d + λx + βv), d being the gradient at y of the step before', () => {
    fc.assert(
      fc.property(scenes, radius, shares, shares, decays, ({ problem, perturb, masked }, rho, lambda, beta, decay) => {
        const eta = 0.07;
        const variant = sampa({ rho, lambda, momentum: beta, weightDecay: decay });
        let d: readonly number[] | undefined;
        let v: number[] | undefined;
        for (const { w: x, asked, direction, state } of walk(variant, problem, { perturb, eta })) {
          const [ascended, ahead] = asked;
          const y = d === undefined || v === undefined ? x : plus(x, -eta, plus(plus(d, decay, x), beta, v));
          expect(asked).toHaveLength(2);
          expectNear(ascended!.weights, d === undefined ? x : plus(x, 1, epsilonOf(rho, masked(d))));
          expectNear(ahead!.weights, y);
          expectNear(direction, plus(scaled(1 - lambda, ascended!.gradient), lambda, ahead!.gradient));
          d = ahead!.gradient;
          const decayed = plus(direction!, decay, x);
          v = v === undefined ? decayed : plus(decayed, beta, v);
          expectNear(state['d'], d);
          expectNear(state['v'], v);
        }
      }),
      runs,
    );
  });

  it('asks for the ascended gradient on the batch before and for the other on this one, whose side effects count', () => {
    const [scene] = fc.sample(scenes, 1);
    for (const { asked } of walk(sampa(), scene!.problem)) {
      expect(asked.map(({ about }) => about)).toEqual([
        { batch: 'previous', first: false },
        { lookAhead: true, first: true },
      ]);
    }
  });

  it('with λ = 1 steps along the gradient at y alone, with λ = 0 along the ascended one', () => {
    fc.assert(
      fc.property(scenes, radius, fc.constantFrom(0, 1), ({ problem }, rho, lambda) => {
        for (const { asked, direction } of walk(sampa({ rho, lambda }), problem)) {
          expectNear(direction, asked[lambda]!.gradient);
        }
      }),
      runs,
    );
  });

  it('keeps the momentum that the base optimizer has, so that y is where that would step along d', () => {
    fc.assert(
      fc.property(scenes, radius, shares, decays, ({ problem }, rho, beta, weightDecay) => {
        const options = { momentum: beta, weightDecay };
        const base = momentum({ learningRate: 0.1, ...options });
        const optimizer = sharpnessAware<Floats>(base, sampa({ rho, ...options }), f64.algebra, {
          offers: ['previousBatch'],
        });
        let weights = problem.start;
        for (let step = 0; step < 3; step++) ({ weights } = optimizer.step(weights, problem.at(step)));
        const {
          state,
          base: { state: kept },
        } = optimizer.state();
        expectNear(flat(state['v']!), flat(kept['v']!));
      }),
      runs,
    );
  });

  it('looks ahead to y wherever a ρ by path has the ascent go', () => {
    fc.assert(
      fc.property(scenes, radius, ({ problem }, rho) => {
        const still = rhoByPath(sampa({ rho }), [[/(?:)/, 0]]);
        const [scaled, own] = [walk(still, problem), walk(sampa({ rho: 0 }), problem)];
        expect(scaled.map(({ asked }) => asked)).toEqual(own.map(({ asked }) => asked));
      }),
      runs,
    );
  });

  it('needs the batch before', () => {
    expect(sampa().needs).toEqual(['previousBatch']);
  });
});
