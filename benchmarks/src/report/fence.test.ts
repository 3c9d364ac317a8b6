import { expect, test } from 'vitest';
import { outerFence } from './fence.ts';

test('three quartile ranges below the lower quartile begins what is no part of the crowd', () => {
  expect(outerFence([0, 1, 2, 3, 4])).toBe(1 - 3 * 2);
});

test('of no values nothing is far', () => {
  expect(outerFence([])).toBe(-Infinity);
});
