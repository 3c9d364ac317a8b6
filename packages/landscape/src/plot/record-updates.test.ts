import { plain, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bsam } from '../../../zoo/src/bsam.ts';
import { msam } from '../../../zoo/src/msam.ts';
import { random } from '../../../zoo/src/random.ts';
import type { Point } from './paths.ts';
import { recordUpdates } from './record-updates.ts';
import { quadratic, someQuadratic } from './testing/problems.ts';
import { valley } from './valley.ts';

const close = (point: Point, expected: readonly number[]): void => {
  for (const k of [0, 1]) expect(point[k]).toBeCloseTo(expected[k]!, 9);
};

describe('recorded updates', () => {
  it('of SAM on any quadratic are w_adv = w + ρ∇L/‖∇L‖ and w − η∇L(w_adv), one after another', () => {
    fc.assert(
      fc.property(someQuadratic, ({ matrix, start, rho, learningRate }) => {
        const problem = quadratic(matrix);
        const { updates } = recordUpdates(problem, { variant: sam({ rho }), learningRate, start, steps: 3 });
        let w = start;
        for (const { from, climb, to, descent } of updates) {
          close(from, w);
          const [gx, gy] = problem.gradient(w);
          const norm = Math.hypot(gx, gy);
          expect(climb).toHaveLength(1);
          close(climb[0]!, [w[0] + (rho * gx) / norm, w[1] + (rho * gy) / norm]);
          const [ax, ay] = problem.gradient(climb[0]!);
          close(to, [w[0] - learningRate * ax, w[1] - learningRate * ay]);
          close(descent, [w[0] - learningRate * gx, w[1] - learningRate * gy]);
          w = to;
        }
        expect(updates).toHaveLength(3);
      }),
    );
  });

  it('of gradient descent have no climb, and several climbs are all there', () => {
    const options = { learningRate: 0.1, start: [0.2, 0.5] } as const;
    const [alone] = recordUpdates(valley, { ...options, variant: plain() }).updates;
    expect(alone!.climb).toEqual([]);
    expect(alone!.to).toEqual(alone!.descent);
    const several = recordUpdates(valley, { ...options, variant: sam({ ascentSteps: 3 }) });
    expect(several.updates[0]!.climb).toHaveLength(3);
    expect(several).toMatchObject({ variant: 'sam', learningRate: 0.1 });
    expect(JSON.parse(JSON.stringify(several))).toEqual(several);
  });

  it('have every point at which the step’s gradients were taken, and no other', () => {
    const record = (variant: Variant, steps = 1) => {
      const { updates } = recordUpdates(valley, { variant, learningRate: 0.1, start: [0.2, 0.5], steps });
      return updates.at(-1)!;
    };
    // Beside w_t alone: the first gradient is not dropped.
    for (const { from, climb, to } of [record(random({ rho: 0.2 })), record(msam({ rho: 0.2 }), 2)]) {
      expect(climb).toHaveLength(1);
      expect(Math.hypot(climb[0]![0] - from[0], climb[0]![1] - from[1])).toBeCloseTo(0.2, 12);
      const [gx, gy] = valley.gradient(climb[0]!);
      close(to, [from[0] - 0.1 * gx, from[1] - 0.1 * gy]);
    }
    expect(record(bsam({ samples: 10 })).climb).toHaveLength(2);
    // Not those of differences.
    expect(record(sam({ secondOrder: true })).climb).toEqual(record(sam()).climb);
  });

  it.each<[object, string]>([
    [{ variant: undefined }, 'recordUpdates: variant is undefined; give one, such as sam().'],
    [{ variant: sam }, 'recordUpdates: variant is function; give one, such as sam().'],
    [{ start: undefined }, 'recordUpdates: start is undefined; give two numbers.'],
    [{ start: [1] }, 'recordUpdates: start is [1]; give two numbers.'],
    [{ steps: 0 }, 'recordUpdates: steps is 0; give an integer of at least 1.'],
    [{ learningRate: 0 }, 'recordUpdates: learningRate is 0; give a finite number above 0.'],
    [{ start: [0, Number.NaN] }, 'recordUpdates: start[1] is NaN; give a finite number.'],
    [{ rho: 1 }, 'recordUpdates: there is no option rho; the options are variant, learningRate, start, steps.'],
  ])('with %o are refused in a sentence', (options, sentence) => {
    const given = { variant: sam(), learningRate: 0.1, start: [0, 1] as const, ...options };
    expect(() => recordUpdates(valley, given)).toThrow(new RangeError(sentence));
  });
});

describe('the valley', () => {
  it('has the gradient of its loss', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true }), (x, y) => {
        const h = 1e-5;
        const [gx, gy] = valley.gradient([x, y]);
        expect((valley.loss([x + h, y]) - valley.loss([x - h, y])) / (2 * h)).toBeCloseTo(gx, 6);
        expect((valley.loss([x, y + h]) - valley.loss([x, y - h])) / (2 * h)).toBeCloseTo(gy, 6);
      }),
    );
  });

  it('is left by SAM at its sharp end, where gradient descent stays', () => {
    const options = { learningRate: 0.1, start: [-0.6, 0.01], steps: 40 } as const;
    const [sharp, flat] = [plain(), sam({ rho: 0.5 })].map((variant) => {
      const [x] = recordUpdates(valley, { ...options, variant }).updates.at(-1)!.to;
      return x;
    });
    expect(sharp).toBeLessThan(-0.2);
    expect(flat).toBeGreaterThan(sharp! + 0.2);
  });
});
