import { expect, test } from 'vitest';
import { madeUpRun } from '../report/sample.ts';
import type { RunMeasures } from './results.ts';
import { landscapeMeans, landscapeTable } from './table.ts';

const minimum = (optimizer: string, seed: number, lambda: number): RunMeasures => {
  const eigenvalue = { value: lambda, residual: 0 };
  const value = { eigenvalues: [eigenvalue], smallest: eigenvalue };
  return { run: madeUpRun({ optimizer, seed }), measured: { eigenvalues: { given: {}, value } } };
};

test('means over seeds have standard errors, and differences to plain gradient descent are paired by seed', () => {
  const runs = [
    ...[3, 2, 1].map((seed) => minimum('sam', seed, seed)),
    ...[1, 2, 3].map((seed) => minimum('sgd', seed, 10 * seed)),
    minimum('sam', 4, 100), // has no pair
  ];
  // Pairs differ by −9, −18 and −27: their deviation is 9, and t of two degrees of freedom is 4.3027.
  expect(landscapeMeans({ runs })).toEqual({
    columns: ['mean over seeds', 'seeds', 'λ₁', 'λ₁ above sgd'].map((title, i) => ({ title, numeric: i > 0 })),
    rows: [
      ['sam', '4', '26.50 ± 24.50', '−18.00 ± 22.36'],
      ['sgd', '3', '20.00 ± 5.77', '–'],
    ],
  });
});

test('what was measured of no run has no column', () => {
  const { columns, rows } = landscapeTable({ runs: [minimum('sgd', 1, 5), minimum('sam', 1, 4)] });
  expect(columns.map(({ title }) => title)).toEqual(['optimizer', 'seed', 'test accuracy', 'λ₁']);
  expect(rows.map((row) => row.at(-1))).toEqual(['5.00', '4.00']);
});

test('without a second seed there are no means', () => {
  expect(landscapeMeans({ runs: [minimum('sgd', 1, 5), minimum('sam', 1, 4)] })).toBe(null);
});
