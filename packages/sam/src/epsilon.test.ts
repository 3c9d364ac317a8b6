import { sgd, sharpnessAware } from '@flatmin/core';
import { describe, expect, it } from 'vitest';
import { type Floating, flat, kinds } from '../../core/src/testing/kinds.ts';
import { problem } from '../../core/src/testing/problems.ts';
import { type SamOptions, sam } from './sam.ts';

// A linear model w·x + b with a squared loss: w = [1, −2], b = 0.5, x = [1, 2], y = 1.
const [x, y] = [[1, 2], 1];
const linear = (w: readonly number[]) => {
  const residual = w[0]! * x[0]! + w[1]! * x[1]! + w[2]! - y;
  return { loss: residual ** 2, gradient: [2 * residual * x[0]!, 2 * residual * x[1]!, 2 * residual] };
};

describe.each(kinds)('ε of a linear model over $name', (kind) => {
  const { start, evaluate } = problem(kind, { w: kind.array([1, -2]), b: kind.array([0.5]) }, linear);

  // By hand: the gradient is −7·[1, 2, 1], so that |g|^(q−1) is in the ratio [1, 2^(q−1), 1].
  it.each<[string, SamOptions, number[]]>([
    ['in the Euclidean ball', {}, [-0.20412, -0.40825, -0.20412]],
    ['at p = 2, said aloud', { p: 2 }, [-0.20412, -0.40825, -0.20412]],
    ['at p = 3/2: [1, 4, 1]/10^(2/3)', { p: 1.5 }, [-0.10772, -0.43089, -0.10772]],
    ['at p = 3: [1, √2, 1]/4.82843^(1/3)', { p: 3 }, [-0.29582, -0.41836, -0.29582]],
    ['at p = 4: [1, 2^(1/3), 1]/4.51984^(1/4)', { p: 4 }, [-0.34292, -0.43205, -0.34292]],
    ['in the box, p = ∞: the sign', { p: Number.POSITIVE_INFINITY }, [-0.5, -0.5, -0.5]],
  ])('%s', (_, options, expected) => {
    const asked: Floating[] = [];
    sharpnessAware(sgd({ learningRate: 0.1 }), sam({ rho: 0.5, ...options }), kind.algebra).step(start, (weights) => {
      asked.push(weights);
      return evaluate(weights);
    });
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBe(start);
    for (const [i, epsilon] of flat(asked[1]!)
      .map((w, i) => w - flat(start)[i]!)
      .entries()) {
      expect(Math.abs(epsilon - expected[i]!)).toBeLessThan(1e-5);
    }
  });
});
