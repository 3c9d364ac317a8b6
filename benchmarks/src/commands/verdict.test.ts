import { expect, test } from 'vitest';
import { runOne } from '../run-one.ts';
import { tinyContext, tinyRun } from '../testing/settings.ts';
import { verdict } from './verdict.ts';

const run = await runOne(tinyRun, await tinyContext(tinyRun));
const base = { ...run, testAccuracy: 0.9, sharpness: 0.2, gradientEvaluations: 100 };
const other = { ...base, optimizer: 'sam', testAccuracy: 0.9123, sharpness: 0.05, gradientEvaluations: 200 };

test('the others are compared with the first in accuracy, sharpness and cost', () => {
  expect(verdict([base, other, { ...base, optimizer: 'x', testAccuracy: 0.89 }])).toEqual([
    'sam ends 1.23 points above sgd in test accuracy, with 0.25 times the sharpness, for 2.0 times the gradients.',
    'x ends 1.00 points below sgd in test accuracy, with 1.00 times the sharpness, for 1.0 times the gradients.',
    expect.stringContaining('one seed'),
  ]);
});

test('a run without a result is not compared, nor is anything with it', () => {
  const stopped = { ...other, testAccuracy: null, sharpness: null };
  expect(verdict([base, stopped])).toEqual([]);
  expect(verdict([stopped, base])).toEqual([]);
  expect(verdict([base])).toEqual([]);
});

test('a sharpness that could not be measured, or of 0, is left out', () => {
  const sentence = 'sam ends 1.23 points above sgd in test accuracy, for 2.0 times the gradients.';
  expect(verdict([{ ...base, sharpness: 0 }, other])).toContain(sentence);
  expect(verdict([base, { ...other, sharpness: null }])).toContain(sentence);
});
