import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interval, mcnemar } from './paired.ts';

test('a mean has Student’s 95 % interval', () => {
  // t = 2.7764 for 4 degrees of freedom; the deviation of 1 … 5 is √2.5
  expect(interval([1, 2, 3, 4, 5])).toEqual({
    mean: 3,
    standardError: expect.closeTo(Math.sqrt(2.5 / 5), 12),
    halfWidth: expect.closeTo(2.776445 * Math.sqrt(2.5 / 5), 5),
    count: 5,
  });
});

test('one value has no interval, and none has no mean', () => {
  expect(interval([7])).toEqual({ mean: 7, standardError: undefined, halfWidth: undefined, count: 1 });
  expect(interval([])).toBeUndefined();
});

/** The same by Pascal's triangle. */
function exactly(b: number, c: number): number {
  const n = b + c;
  let row = [1];
  for (let i = 0; i < n; i++) row = [1, ...row.slice(1).map((value, k) => value + row[k]!), 1];
  const tail = row.slice(0, Math.min(b, c) + 1).reduce((sum, value) => sum + value, 0);
  return Math.min(1, (2 * tail) / 2 ** n);
}

test('McNemar’s test is that of a fair coin', () => {
  const few = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(few, few, (b, c) => {
      expect(mcnemar(b, c)).toBeCloseTo(exactly(b, c), 9);
    }),
  );
});

// 2 · sum(comb(n, i) for i ≤ min(b, c)) / 2ⁿ in Python's whole numbers
const golden = [
  [400, 500, 0.0009564441369189461],
  [300, 500, 1.5263155581539785e-12],
  [0, 60, 1.734723475976807e-18],
  [1200, 800, 3.505006206935645e-19],
] as const;

test('McNemar’s test keeps its digits where thousands of images differ', () => {
  expect(mcnemar(5000, 5000)).toBe(1);
  for (const [b, c, p] of golden) expect(Math.abs(mcnemar(b, c) / p - 1)).toBeLessThan(1e-11);
});
