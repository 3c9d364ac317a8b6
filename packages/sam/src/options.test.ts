import { linear, proportional, type Schedule, sgd, sharpnessAware } from '@flatmin/core';
import { describe, expect, it } from 'vitest';
import { f64, flat } from '../../core/src/testing/kinds.ts';
import { normOf, plus } from '../../core/src/testing/numbers.ts';
import { network } from '../../core/src/testing/problems.ts';
import { type SamOptions, sam } from './sam.ts';

const refusals: [options: object, sentence: string][] = [
  [{ rh0: 0.1 }, 'sam: there is no option rh0; the options are rho, p, ascentSteps, ascentLength, secondOrder.'],
  [{ rho: -0.1 }, 'sam: rho is -0.1; give a finite number of at least 0 or a schedule.'],
  [{ rho: Number.NaN }, 'sam: rho is NaN; give a finite number of at least 0 or a schedule.'],
  [{ rho: '0.05' }, 'sam: rho is "0.05"; give a finite number of at least 0 or a schedule.'],
  [{ rho: null }, 'sam: rho is null; give a finite number of at least 0 or a schedule.'],
  [{ rho: linear({ from: 0, to: -1, steps: 5 }) }, 'sam: rho.to is -1; give a finite number of at least 0.'],
  [{ rho: proportional(-1) }, 'sam: rho.factor is -1; give a finite number of at least 0.'],
  [{ p: 1 }, 'sam: p is 1; give a finite number above 1 or Infinity.'],
  [{ p: 0.5 }, 'sam: p is 0.5; give a finite number above 1 or Infinity.'],
  [{ p: Number.NaN }, 'sam: p is NaN; give a finite number above 1 or Infinity.'],
  [{ p: Number.NEGATIVE_INFINITY }, 'sam: p is -Infinity; give a finite number above 1 or Infinity.'],
  [{ ascentSteps: 0 }, 'sam: ascentSteps is 0; give an integer of at least 1.'],
  [{ ascentSteps: 1.5 }, 'sam: ascentSteps is 1.5; give an integer of at least 1.'],
  [{ ascentLength: 'half' }, "sam: ascentLength is \"half\"; give 'split' or 'full'."],
  [{ secondOrder: 0 }, 'sam: secondOrder is 0; give a finite number above 0, true or false.'],
  [{ secondOrder: 'yes' }, 'sam: secondOrder is "yes"; give a finite number above 0, true or false.'],
  [
    { secondOrder: true, p: 3 },
    'sam: secondOrder is defined for p = 2 and one ascent step; leave p and ascentSteps at their defaults.',
  ],
  [{ secondOrder: 0.01, ascentSteps: 2 }, 'sam: secondOrder is defined for p = 2 and one ascent step'],
];

describe('options of sam', () => {
  it.each(refusals)('%o are refused in a sentence', (options, sentence) => {
    expect(() => sam(options as SamOptions)).toThrow(RangeError);
    expect(() => sam(options as SamOptions)).toThrow(sentence);
  });

  it('are kept as plain data, defaults filled in', () => {
    const defaults = { rho: 0.05, p: 2, ascentSteps: 1, ascentLength: 'split', secondOrder: false };
    expect(sam().options).toEqual(defaults);
    expect(sam({ rho: undefined } as never).options).toEqual(defaults);
    const rho = linear({ from: 0, to: 0.1, steps: 10 });
    expect(sam({ rho, p: 3 }).options).toEqual({ ...defaults, rho, p: 3 });
    expect(sam()).toMatchObject({ name: 'sam', needs: [], state: {} });
  });
});

describe('what sam declares', () => {
  it.each<SamOptions>([{}, { ascentSteps: 3 }, { p: 3, ascentSteps: 2 }, { secondOrder: true }, { secondOrder: 0.1 }])(
    'counts the gradients of a step: %o',
    (options) => {
      const { start, evaluate } = network(f64);
      const optimizer = sharpnessAware(sgd({ learningRate: 0.1 }), sam(options), f64.algebra);
      optimizer.step(start, evaluate);
      expect(sam(options).gradients).toBe(optimizer.gradientEvaluations);
    },
  );

  it('is the base optimizer, bit for bit, at ρ = 0, and an equation of perturbation and step', () => {
    expect(sam().limit).toBe('exact');
    expect(sam().equation).toMatch(/^ε̂ = ρ .*; step ∇L\(w \+ ε̂\)$/);
  });
});

describe('ρ', () => {
  const { start, evaluate } = network(f64);

  // ‖ε‖ at each of some steps.
  function radii(rho: Schedule, steps: number, learningRate: Schedule = 0.1): number[] {
    const optimizer = sharpnessAware(sgd({ learningRate }), sam({ rho }), f64.algebra);
    return Array.from({ length: steps }, () => {
      let epsilon: number[] = [];
      optimizer.step(start, (weights) => {
        epsilon = plus(flat(weights), -1, flat(start));
        return evaluate(weights);
      });
      return normOf(epsilon);
    });
  }
  const expectClose = (got: number[], wanted: number[]): void => {
    expect(got).toHaveLength(wanted.length);
    for (const [i, x] of got.entries()) expect(x).toBeCloseTo(wanted[i]!, 12);
  };

  it('follows its schedule', () => {
    expectClose(radii(linear({ from: 0.4, to: 0, steps: 4 }), 6), [0.4, 0.3, 0.2, 0.1, 0, 0]);
    expectClose(
      radii(({ step }) => step / 10, 3),
      [0, 0.1, 0.2],
    );
  });

  it('may be proportional to the base optimizer’s learning rate', () => {
    expectClose(radii(proportional(2), 3, linear({ from: 0.2, to: 0.1, steps: 2 })), [0.4, 0.3, 0.2]);
  });

  it.each([-1, Number.NaN])('of %s is refused at its step, and the optimizer stays as it was', (bad) => {
    let rho = 0.1;
    const optimizer = sharpnessAware(sgd({ learningRate: 0.1 }), sam({ rho: () => rho }), f64.algebra);
    const { weights } = optimizer.step(start, evaluate);
    rho = bad;
    expect(() => optimizer.step(weights, evaluate)).toThrow(
      `sam: rho came out as ${bad} at step 1; give a schedule whose values are finite and at least 0.`,
    );
    rho = 0.1;
    const other = sharpnessAware(sgd({ learningRate: 0.1 }), sam({ rho }), f64.algebra);
    other.step(start, evaluate);
    expect(optimizer.step(weights, evaluate)).toEqual(other.step(weights, evaluate));
  });
});
