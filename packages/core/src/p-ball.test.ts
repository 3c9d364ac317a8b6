import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSteepest, steepest } from './p-ball.ts';
import { distance, flat, kinds, mathOf } from './testing/kinds.ts';
import { dot, epsilonOf, normOf } from './testing/numbers.ts';

const number = fc.double({ min: -10, max: 10, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-3);
const gradient = fc.array(number, { minLength: 2, maxLength: 8 }).filter((g) => g.some((x) => x !== 0));
const p = fc.oneof(fc.double({ min: 1.1, max: 20, noNaN: true }), fc.constantFrom(2, Number.POSITIVE_INFINITY));
const rho = fc.double({ min: 0.01, max: 10, noNaN: true });

describe.each(kinds)('the steepest point of a p-norm ball over $name', (kind) => {
  const math = mathOf(kind);
  const close = 100 * kind.rounding;

  // Over two leaves, since the norm is of both together.
  const steepestOf = (radius: number, g: readonly number[], order: number): number[] =>
    flat(steepest(math, radius, { a: kind.array(g.slice(0, 1)), b: kind.array(g.slice(1)) }, order));

  it('lies on the ball’s surface: ‖ε‖_p = ρ', () => {
    fc.assert(
      fc.property(rho, gradient, p, (radius, g, order) => {
        expect(Math.abs(normOf(steepestOf(radius, g, order), order) / radius - 1)).toBeLessThan(close);
      }),
    );
  });

  it('is that of the paper’s equation 2, by plain numbers', () => {
    fc.assert(
      fc.property(rho, gradient, p, (radius, g, order) => {
        expect(distance(steepestOf(radius, g, order), epsilonOf(radius, g, order))).toBeLessThan(close);
      }),
    );
  });

  it('is the gradient, scaled, at p = 2: not rounded by powers', () => {
    const g = { a: kind.array([1 / 3]), b: kind.array([1 / 7, -3]) };
    expect(steepest(math, 0.1, g, 2)).toEqual(math.ofLength(0.1, g));
  });

  it('is added to the weights as it is, whatever the order', () => {
    const g = { a: kind.array([1 / 3]), b: kind.array([1 / 7, -3]) };
    const w = { a: kind.array([5]), b: kind.array([-7, 1 / 9]) };
    for (const order of [1.1, 2, 3, Number.POSITIVE_INFINITY]) {
      expect(addSteepest(math, w, 0.1, g, order)).toEqual(math.add(w, steepest(math, 0.1, g, order)));
    }
  });

  it('is where gᵀε is largest in the ball: no other point of it has more', () => {
    const other = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(rho, gradient, p, other, (radius, g, order, direction) => {
        const point = direction.slice(0, g.length);
        fc.pre(normOf(point, order) > 1e-6);
        const inside = point.map((x) => (radius * x) / normOf(point, order));
        const most = dot(g, steepestOf(radius, g, order));
        expect(dot(g, inside)).toBeLessThanOrEqual(most * (1 + close));
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the gradient’s length, at either end of the number range', () => {
    const g = [3, -4, 0, 1];
    for (const order of [1.1, 1.5, 2, 3, 50, Number.POSITIVE_INFINITY]) {
      const expected = epsilonOf(0.5, g, order);
      for (const unit of [1e-30, 1, 1e30]) {
        const scaled = g.map((x) => unit * x);
        expect(distance(steepestOf(0.5, scaled, order), expected), `p ${order}`).toBeLessThan(close);
      }
    }
  });

  it('is there for p near 1 with many elements, whose powers would all be zero at length 1', () => {
    const many = new Array<number>(10_000).fill(1);
    const epsilon = steepestOf(0.5, many, 1.05);
    expect(Math.abs(normOf(epsilon, 1.05) / 0.5 - 1)).toBeLessThan(1e-3);
    // With one element above the others, almost all of ε is there.
    expect(steepestOf(0.5, [1, 2, 1], 1.01)[1]).toBeCloseTo(0.5, 5);
  });

  it('is the centre where the gradient is zero, for every p', () => {
    for (const order of [1.5, 2, 3, Number.POSITIVE_INFINITY]) {
      expect(steepestOf(0.5, [0, 0, 0], order).map(Math.abs)).toEqual([0, 0, 0]);
    }
  });

  it('stays where the gradient’s element is zero', () => {
    for (const order of [1.5, 2, 3, Number.POSITIVE_INFINITY]) {
      expect(Math.abs(steepestOf(0.5, [1, 0, -1], order)[1]!)).toBe(0);
    }
  });
});
