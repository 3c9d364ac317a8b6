import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floorOf, medianRatio, spreadOf, updateOf } from './statistics.ts';

const milliseconds = fc.double({ min: 0.01, max: 1e4, noNaN: true });
const rounds = fc.array(fc.tuple(milliseconds, milliseconds), { minLength: 1, maxLength: 30 });

test('median and quartiles of known times, in whatever order they came', () => {
  expect(spreadOf([50, 10, 40, 20, 30])).toEqual({ fastestMs: 10, medianMs: 30, q1Ms: 20, q3Ms: 40 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ fastestMs: 1, medianMs: 2.5, q1Ms: 1.75, q3Ms: 3.25 });
});

test('a ratio compares times of the same round: a slow round does not blur it', () => {
  expect(medianRatio([20, 200, 2000], [10, 100, 1000])).toBe(2);
  expect(medianRatio([20, 200, 9], [10, 100, 3])).toBe(2);
});

test('an update is what a plain step takes beside its gradient in the same round, and nothing where noise says less', () => {
  expect(updateOf([10, 20, 300], [8, 17, 299])).toBe(2);
  expect(updateOf([10, 20], [11, 22])).toBe(0);
});

test('the floor of a step is its gradients and one update', () => {
  expect(floorOf([8, 17], 2, 3)).toEqual([19, 37]);
  expect(floorOf([8], 1.25, 2)).toEqual([12]);
});

test('the quartiles enclose the median, and half of the times lie on either side of it', () => {
  fc.assert(
    fc.property(rounds, (pairs) => {
      const times = pairs.map(([time]) => time);
      const { q1Ms, medianMs, q3Ms } = spreadOf(times);
      expect(q1Ms).toBeLessThanOrEqual(medianMs);
      expect(medianMs).toBeLessThanOrEqual(q3Ms);
      expect(times.filter((time) => time <= medianMs).length).toBeGreaterThanOrEqual(times.length / 2);
      expect(times.filter((time) => time >= medianMs).length).toBeGreaterThanOrEqual(times.length / 2);
    }),
  );
});
