import { expect, test } from 'vitest';
import type { DescribedSettings } from '../settings.ts';
import { resultsTable, seriesLabels } from './columns.ts';
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

const others: Required<DescribedSettings> = {
  dataset: 'cifar-10',
  model: 'linear',
  optimizer: 'sam',
  backend: 'cpu',
  seed: 7,
  batchSize: 32,
  trainImages: 1_000,
  learningRate: 0.1,
  momentum: 0,
  epochsAsked: 2,
  schedule: 'cosine',
  labelNoise: 0.4,
  augment: 'flip',
  subset: 20_000,
  validation: 4_000,
  rho: 0.1,
  evaluatedOn: 'validation',
};

test.each(Object.entries(others))('runs that differ in %s are told apart in the table', (setting, other) => {
  const { rows } = resultsTable([madeUpRun(), madeUpRun({ [setting]: other })]);
  expect(rows[0]).not.toEqual(rows[1]);
});

test('a stopped run belongs to the series of the finished ones', () => {
  expect(new Set(seriesLabels([madeUpRun(), madeUpRun({ seed: 1, epochs: 3, stopped: true })])).size).toBe(1);
});
