import { describe, expect, it } from 'vitest';
import { float64, momentum, NonFiniteError, plain, sharpnessAware } from './index.ts';
import { f64 } from './testing/kinds.ts';
import { hessian, problem, quadratic } from './testing/problems.ts';
import { climb, smoothed } from './testing/variants.ts';

/** float64 that counts what is read from it. */
function counted() {
  const reads = { count: 0 };
  const read = (scalar: Float64Array): number => {
    reads.count++;
    return float64.read(scalar);
  };
  return { algebra: { ...float64, read }, reads };
}

const { start, evaluate } = problem(f64, { w: Float64Array.of(1, -2, 3), b: Float64Array.of(0.5) }, quadratic(hessian));

describe.each([plain(), climb(0.05), smoothed(0.05)])('a step of $name', (variant) => {
  it('reads one number of what the variant and one of what the base optimizer has computed', () => {
    const { algebra, reads } = counted();
    const optimizer = sharpnessAware(momentum({ learningRate: 0.1 }), variant, algebra);
    optimizer.step(start as never, evaluate as never);
    expect(reads.count).toBe(2);
  });

  it('reads nothing where nothing is to be looked for', async () => {
    const { algebra, reads } = counted();
    const options = { nonFinite: 'ignore' } as const;
    const optimizer = sharpnessAware(momentum({ learningRate: 0.1 }), variant, algebra, options);
    const { weights } = optimizer.step(start as never, evaluate as never);
    await optimizer.stepAsync(weights as never, evaluate as never);
    expect(reads.count).toBe(0);
    const careful = sharpnessAware(momentum({ learningRate: 0.1 }), variant, float64);
    expect(weights).toEqual(careful.step(start as never, evaluate as never).weights);
  });
});

it('what is not finite goes into the weights where it is ignored, and is refused where it is not', () => {
  const spoiled = () => ({ loss: 1, gradient: { w: Float64Array.of(Number.NaN, 1, 1), b: Float64Array.of(1) } });
  const make = (nonFinite: 'error' | 'ignore') =>
    sharpnessAware(momentum({ learningRate: 0.1 }), plain(), float64, { nonFinite });
  const { weights } = make('ignore').step(start as never, spoiled as never) as { weights: { w: Float64Array } };
  expect(weights.w[0]).toBeNaN();
  expect(weights.w[1]).toBeCloseTo(-2.1, 9);
  expect(() => make('error').step(start as never, spoiled as never)).toThrow(NonFiniteError);
});
