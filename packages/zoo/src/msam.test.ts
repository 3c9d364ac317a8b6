import { momentum, sharpnessAware } from '@flatmin/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Floats, f64, flat } from '../../core/src/testing/kinds.ts';
import { epsilonOf, plus } from '../../core/src/testing/numbers.ts';
import { between, runs, scenes } from '../../core/src/testing/regression.ts';
import { expectNear, walk } from '../../core/src/testing/walk.ts';
import { msam } from './msam.ts';

const radius = between(0.01, 1);
const betas = between(0, 0.95);
const decays = fc.constantFrom(0, 0.1);

describe('Momentum-SAM', () => {
  it('asks once, at w − ρ v/‖v‖ with the v before this step; decay is that of the displaced weights, and in v', () => {
    fc.assert(
      fc.property(scenes, radius, betas, decays, ({ problem, perturb, masked }, rho, beta, weightDecay) => {
        const variant = msam({ rho, momentum: beta, weightDecay });
        let v: number[] | undefined;
        for (const { w, asked, direction, state } of walk(variant, problem, { perturb })) {
          const displaced = v === undefined ? w : plus(w, -1, epsilonOf(rho, masked(v)));
          expect(asked).toHaveLength(1);
          expectNear(asked[0]!.weights, displaced);
          const g = plus(asked[0]!.gradient, weightDecay, displaced);
          v = v === undefined ? g : plus(g, beta, v);
          expectNear(direction, g);
          expectNear(state['v'], v);
        }
      }),
      runs,
    );
  });

  it('without momentum moves against the gradient of the step before, the first step not at all', () => {
    fc.assert(
      fc.property(scenes, radius, ({ problem }, rho) => {
        const steps = walk(msam({ rho, momentum: 0 }), problem);
        expect(steps[0]!.asked[0]!.weights).toEqual(steps[0]!.w);
        for (const [t, { w, asked }] of steps.entries()) {
          if (t === 0) continue;
          expectNear(asked[0]!.weights, plus(w, -1, epsilonOf(rho, steps[t - 1]!.asked[0]!.gradient)));
        }
      }),
      runs,
    );
  });

  it('keeps the momentum that the base optimizer has, if they have one β', () => {
    fc.assert(
      fc.property(scenes, radius, betas, ({ problem }, rho, beta) => {
        const base = momentum({ learningRate: 0.1, momentum: beta });
        const optimizer = sharpnessAware<Floats>(base, msam({ rho, momentum: beta }), f64.algebra);
        let weights = problem.start;
        for (let step = 0; step < 3; step++) ({ weights } = optimizer.step(weights, problem.at(step)));
        const {
          state,
          base: { state: kept },
        } = optimizer.state();
        expect(flat(state['v']!)).toEqual(flat(kept['v']!));
      }),
      runs,
    );
  });
});
