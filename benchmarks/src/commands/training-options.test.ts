import { expect, test } from 'vitest';
import { settingsOf, type TrainingOptions } from './training-options.ts';

const options: TrainingOptions = {
  backend: 'wasm',
  limit: undefined,
  validation: 0,
  epochs: 3,
  batchSize: 64,
  momentum: 0.9,
  schedule: 'constant',
  labelNoise: 0,
};
const matrix = {
  datasets: ['fashion-mnist'],
  models: ['conv4-16'],
  optimizers: ['sgd'],
  rhos: [undefined],
  learningRates: [0.1],
  seeds: [1],
};
const images = ({ datasets = matrix.datasets, ...changes }: Partial<TrainingOptions> & { datasets?: string[] }) =>
  settingsOf({ ...options, ...changes }, { ...matrix, datasets })[0]!.trainImages;

test('a matrix is every combination of data sets, networks, optimizers, ρ, learning rates and seeds', () => {
  const several = { datasets: ['fashion-mnist', 'made-stripes'], models: ['linear', 'conv4-16'], rhos: [0.1, 0.2] };
  const settings = settingsOf(options, { ...matrix, ...several, optimizers: ['sam'], seeds: [1] });
  expect(settings.map(({ dataset, model, rho }) => [dataset, model, rho].join(' '))).toEqual([
    'fashion-mnist linear 0.1',
    'fashion-mnist linear 0.2',
    'fashion-mnist conv4-16 0.1',
    'fashion-mnist conv4-16 0.2',
    'made-stripes linear 0.1',
    'made-stripes linear 0.2',
    'made-stripes conv4-16 0.1',
    'made-stripes conv4-16 0.2',
  ]);
  expect(settings.map(({ trainImages }) => trainImages)).toEqual([...Array(4).fill(10_000), ...Array(4).fill(1_000)]);
});

test('in a matrix the optimizers come first and the seeds last', () => {
  const settings = settingsOf(options, {
    ...matrix,
    optimizers: ['sam', 'sgd'],
    learningRates: [0.1, 0.2],
    seeds: [1, 2],
  });
  expect(settings.map(({ optimizer, learningRate, seed }) => [optimizer, learningRate, seed].join(' '))).toEqual([
    'sam 0.1 1',
    'sam 0.1 2',
    'sam 0.2 1',
    'sam 0.2 2',
    'sgd 0.1 1',
    'sgd 0.1 2',
    'sgd 0.2 1',
    'sgd 0.2 2',
  ]);
});

test('the images trained on are those asked for, those there are, or those that validation leaves', () => {
  expect(images({})).toBe(10_000);
  expect(images({ limit: 'all' })).toBe(60_000);
  expect(images({ limit: 'all', validation: 2_000 })).toBe(58_000);
  expect(images({ limit: 58_000, validation: 2_000 })).toBe(58_000);
  expect(images({ validation: 55_000 })).toBe(5_000);
  expect(images({ datasets: ['made-stripes'] })).toBe(1_000);
  expect(images({ limit: 'all', subset: 20_000, validation: 4_000 })).toBe(16_000);
});

test.each<[Partial<TrainingOptions>, string]>([
  [{ limit: 60_001 }, '--limit 60001 must be at most the 60000 training images of fashion-mnist'],
  [
    { limit: 58_001, validation: 2_000 },
    '--limit 58001 must be at most the 58000 training images of fashion-mnist that --validation 2000 leaves',
  ],
  [{ validation: 60_000 }, '--validation 60000 must be less than the 60000 training images of fashion-mnist'],
  [{ subset: 60_001 }, '--subset 60001 must be at most the 60000 training images of fashion-mnist'],
  [
    { limit: 16_001, subset: 20_000, validation: 4_000 },
    '--limit 16001 must be at most the 16000 training images of fashion-mnist in --subset 20000 that --validation 4000',
  ],
  [{ limit: 10, batchSize: 11 }, '--batch-size 11 must be at most the 10 images trained on'],
])('%j is refused: %s', (changes, message) => {
  expect(() => images(changes)).toThrow(message);
});
