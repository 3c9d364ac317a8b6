import { expect, test } from 'vitest';
import { runOne } from '../run-one.ts';
import { tinyContext, tinyRun } from '../testing/settings.ts';
import { verdict } from './verdict.ts';

const { summary: run } = await runOne(tinyRun, await tinyContext(tinyRun));
const base = { ...run, testAccuracy: 0.9, sharpness: 0.2, gradientEvaluations: 100 };
const other = { ...base, optimizer: 'sam', testAccuracy: 0.9123, sharpness: 0.05, gradientEvaluations: 200 };

test('few are compared with plain gradient descent, each in accuracy, sharpness and cost', () => {
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

test('they are compared with plain gradient descent wherever it stands, and with the first where it was not run', () => {
  expect(verdict([other, base])).toEqual(verdict([base, other]));
  const third = { ...other, optimizer: 'x', testAccuracy: 0.9 };
  expect(verdict([other, third])[0]).toMatch(/^x ends 1.23 points below sam/);
});

const made = (optimizer: string, testAccuracy: number, gradientEvaluations: number) => ({
  ...base,
  optimizer,
  testAccuracy,
  gradientEvaluations,
});

test('of many only those are named that none as cheap equals, from the cheapest to the most accurate', () => {
  const many = [
    made('dear', 0.93, 400),
    base,
    made('cheap', 0.91, 100),
    made('cheap-too', 0.905, 100),
    made('equal', 0.92, 250),
    made('good', 0.92, 200),
    made('poor', 0.8, 150),
  ];
  expect(verdict(many)).toEqual([
    'cheap ends 1.00 points above sgd in test accuracy, with 1.00 times the sharpness, for 1.0 times the gradients.',
    'good ends 2.00 points above sgd in test accuracy, with 1.00 times the sharpness, for 2.0 times the gradients.',
    'dear ends 3.00 points above sgd in test accuracy, with 1.00 times the sharpness, for 4.0 times the gradients.',
    'Each of the 3 others is equalled or beaten in accuracy by one that costs no more gradients.',
    expect.stringContaining('one seed'),
  ]);
});

test('where many are no better than plain gradient descent, it says so', () => {
  const many = [base, ...['a', 'b', 'c', 'd'].map((name) => made(name, 0.9, 100))];
  expect(verdict(many)[0]).toBe('None of the 4 others is more accurate than sgd.');
});
