import { expect, test } from 'vitest';
import { checkRun } from '../check-run.ts';
import { datasets } from '../data/datasets.ts';
import { described, runKey } from '../settings.ts';
import { tinyRun } from '../testing/settings.ts';
import { scaled } from './plan.ts';
import { plans } from './plans.ts';

const run = { ...tinyRun, epochsAsked: 100, trainImages: 60_000, batchSize: 64 };

test.each([
  [1, 100, 60_000],
  [0.5, 50, 60_000],
  [0.125, 13, 60_000],
  [0.01, 1, 60_000],
  [0.005, 1, 30_000],
  [0.000_001, 1, 64],
])('scaled by %s, 100 epochs of 60,000 images become %s of %s', (scale, epochsAsked, trainImages) => {
  expect(scaled(run, scale)).toEqual({ ...run, epochsAsked, trainImages });
});

test('a run of twice the epochs of another stays one at any scale', () => {
  for (const scale of [1, 0.5, 0.1, 0.001]) {
    const [once, twice] = [15, 30].map((epochsAsked) => scaled({ ...run, epochsAsked }, scale, 15));
    expect(twice).toEqual({ ...once, epochsAsked: 2 * once!.epochsAsked });
  }
});

test.each([...plans])('every run of the table %s can be carried out, and no two are the same', (_, { settings }) => {
  for (const one of settings) {
    checkRun(one);
    const { trainImages } = datasets.get(one.dataset)!;
    expect(one.trainImages + one.validation).toBeLessThanOrEqual(one.subset ?? trainImages);
  }
  expect(new Set(settings.map((one) => runKey(described(one)))).size).toBe(settings.length);
});
