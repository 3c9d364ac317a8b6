import { expect, test } from 'vitest';
import { seriesLabels } from './columns.ts';
import { madeUpRun } from './sample.ts';

test('runs that differ in the seed alone share a label', () => {
  expect(seriesLabels([madeUpRun({ seed: 0 }), madeUpRun({ seed: 1 })])).toEqual(['sgd', 'sgd']);
});

test('a label names what sets a run apart from others of its optimizer, and nothing else', () => {
  const runs = [
    madeUpRun({ learningRate: 0.1 }),
    madeUpRun({ optimizer: 'sam', rho: 0.02 }),
    madeUpRun({ optimizer: 'sam', rho: 0.05 }),
  ];
  expect(seriesLabels(runs)).toEqual(['sgd', 'sam (ρ 0.02)', 'sam (ρ 0.05)']);
});

test('a stopped run belongs to the series of the finished ones', () => {
  expect(new Set(seriesLabels([madeUpRun(), madeUpRun({ seed: 1, epochs: 3, stopped: true })])).size).toBe(1);
});
