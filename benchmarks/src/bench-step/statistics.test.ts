import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepStatistics } from './statistics.ts';

const milliseconds = fc.double({ min: 0.01, max: 1e4, noNaN: true });
const rounds = fc.array(fc.tuple(milliseconds, milliseconds), { minLength: 1, maxLength: 30 });

test('median and quartiles of known times, in whatever order they came', () => {
  expect(stepStatistics([50, 10, 40, 20, 30], [1, 1, 1, 1, 1])).toMatchObject({ medianMs: 30, q1Ms: 20, q3Ms: 40 });
  expect(stepStatistics([4, 1, 3, 2], [1, 1, 1, 1])).toMatchObject({ medianMs: 2.5, q1Ms: 1.75, q3Ms: 3.25 });
});

test('the ratio compares times of the same round: a slow round does not blur it', () => {
  expect(stepStatistics([20, 200, 2000], [10, 100, 1000]).ratioToPlain).toBe(2);
  expect(stepStatistics([20, 200, 9], [10, 100, 3]).ratioToPlain).toBe(2);
});

test('the plain step has ratio one', () => {
  fc.assert(
    fc.property(rounds, (pairs) => {
      const plain = pairs.map(([time]) => time);
      expect(stepStatistics(plain, plain).ratioToPlain).toBe(1);
    }),
  );
});

test('the quartiles enclose the median, and half of the times lie on either side of it', () => {
  fc.assert(
    fc.property(rounds, (pairs) => {
      const times = pairs.map(([time]) => time);
      const { q1Ms, medianMs, q3Ms } = stepStatistics(times, times);
      expect(q1Ms).toBeLessThanOrEqual(medianMs);
      expect(medianMs).toBeLessThanOrEqual(q3Ms);
      expect(times.filter((time) => time <= medianMs).length).toBeGreaterThanOrEqual(times.length / 2);
      expect(times.filter((time) => time >= medianMs).length).toBeGreaterThanOrEqual(times.length / 2);
    }),
  );
});
