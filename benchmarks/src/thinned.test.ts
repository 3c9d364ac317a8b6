import { expect, test } from 'vitest';
import type { MetricsLine } from './results.ts';
import { thinned } from './thinned.ts';

const of = { run: 0, optimizer: 'sgd', seed: 1 };
const step = (step: number): MetricsLine => ({ kind: 'step', ...of, epoch: 1, step, loss: step });
const answers: MetricsLine = { kind: 'answers', ...of, right: 'AA==' };
const steps = (count: number) => Array.from({ length: count }, (_, index) => step(index + 1));

test('up to 500 steps each has a line', () => {
  const lines = [...steps(500), answers];
  expect(thinned(lines)).toEqual(lines);
});

test('of more, a line is the mean of as many as it stands for, and has the last one’s place', () => {
  const lines = thinned([...steps(1_400), answers, step(1_401)]);
  expect(lines).toHaveLength(468);
  expect(lines.slice(0, 2)).toEqual([
    { ...step(3), loss: 2 },
    { ...step(6), loss: 5 },
  ]);
  expect(lines.slice(-2)).toEqual([answers, { ...step(1_401), loss: 1_400 }]);
});

test('what was thinned stays as it is', () => {
  const once = thinned([...steps(93_800), answers]);
  expect(once.length).toBeLessThanOrEqual(501);
  expect(thinned(once)).toEqual(once);
});
