import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fittedLaw, lawAt, lawText, type Term } from './law.ts';

const x: Term = { text: 'x', of: (value) => value };
const squared: Term = { text: 'x²', of: (value) => value ** 2 };

test('points on a law give that law', () => {
  const coefficient = fc.double({ min: 0.5, max: 50, noNaN: true });
  fc.assert(
    fc.property(coefficient, coefficient, coefficient, (a, b, c) => {
      const points = [1, 2, 4, 8, 16].map((at) => ({ x: at, ms: a + b * at + c * at ** 2 }));
      const law = fittedLaw(points, [x, squared]);
      expect(law.deviation).toBeLessThan(1e-6);
      expect(lawAt(law, [x, squared], 3) / (a + 3 * b + 9 * c)).toBeCloseTo(1, 6);
    }),
  );
});

test('a short time counts as much as a long one: what is told is the largest relative deviation', () => {
  const points = [
    { x: 1, ms: 1.1 },
    { x: 10, ms: 10 },
    { x: 100, ms: 100 },
    { x: 1000, ms: 1000 },
  ];
  const law = fittedLaw(points, [x]);
  expect(law.deviation).toBeLessThan(0.1);
  expect(lawAt(law, [x], 1000) / 1000).toBeCloseTo(1, 1);
});

test('a law is told with three digits and the signs of its terms', () => {
  expect(lawText({ coefficients: [12.3456, -0.01, 7], deviation: 0 }, [x, squared])).toBe('12.3 − 0.01 x + 7 x²');
  expect(lawText({ coefficients: [-2, 1], deviation: 0 }, [x])).toBe('−2 + 1 x');
});
