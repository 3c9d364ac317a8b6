import { expect, test } from 'vitest';
import { madeUpRun, madeUpRuns } from './report/sample.ts';
import type { RunSummary } from './results.ts';
import { renderMeans, renderTable, renderTotals } from './table.ts';

/** The cells of a row of the first table, by its columns' titles. */
function row(runs: readonly RunSummary[], position: number): Record<string, string> {
  const lines = renderTable(runs).split('\n\n')[1]!.split('\n');
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const values = cells(lines[2 + position]!);
  return Object.fromEntries(cells(lines[0]!).map((title, column) => [title, values[column]!]));
}

test('settings that all runs share stand in the caption, those that differ in columns', () => {
  const runs = [madeUpRun(), madeUpRun({ optimizer: 'sam', rho: 0.05 })];
  const caption = renderTable(runs).split('\n')[0];
  expect(caption).toBe(
    'fashion-mnist · conv4-16 (28,138 parameters) · wasm backend · batch 64 · 60,000 training images · 10 epochs · ' +
      'learning rate 0.05 · momentum 0.9 · measured on test images · seed 0',
  );
  expect(row(runs, 1)).toEqual({
    optimizer: 'sam',
    ρ: '0.05',
    'test accuracy': '90.87 %',
    'training loss': '0.0713',
    sharpness: '0.0482',
    's / epoch': '171.4',
    gradients: '9,380',
  });
});

test('every setting of which runs differ gets a column', () => {
  const other: Partial<RunSummary> = {
    dataset: 'made-stripes',
    model: 'linear',
    backend: 'cpu',
    batchSize: 32,
    trainImages: 1000,
    epochsAsked: 2,
    learningRate: 0.1,
    momentum: 0,
    rho: 0.1,
    evaluatedOn: 'validation',
    seed: 7,
  };
  expect(row([madeUpRun(), madeUpRun(other)], 1)).toMatchObject({
    dataset: 'made-stripes',
    model: 'linear',
    backend: 'cpu',
    batch: '32',
    images: '1,000',
    epochs: '2',
    'learning rate': '0.1',
    momentum: '0',
    ρ: '0.1',
    'measured on': 'validation',
    seed: '7',
  });
});

test('a value that a stopped run lacks is a dash, and a note says where it stopped', () => {
  const stopped = madeUpRun({ stopped: true, epochs: 3, testAccuracy: null, trainLoss: null, sharpness: null });
  expect(row([madeUpRun(), stopped], 0)).toMatchObject({ note: '' });
  expect(row([madeUpRun(), stopped], 1)).toMatchObject({
    'test accuracy': '–',
    'training loss': '–',
    sharpness: '–',
    note: 'stopped in epoch 4 of 10',
  });
});

test('a run that was stopped after training, or that diverged, says so', () => {
  expect(row([madeUpRun({ stopped: true })], 0)['note']).toBe('stopped after the last epoch');
  expect(row([madeUpRun({ stopped: true, diverged: true, epochs: 0 })], 0)['note']).toBe('diverged in epoch 1 of 10');
});

test('accuracy on validation images is never called test accuracy', () => {
  const validation = renderTable([madeUpRun({ evaluatedOn: 'validation' })]);
  expect(validation).toContain('validation accuracy');
  expect(validation).toContain('measured on validation images');
  const mixed = renderTable([madeUpRun(), madeUpRun({ evaluatedOn: 'validation' })]);
  expect(mixed).not.toContain('test accuracy');
});

test('numbers are aligned right and words left', () => {
  const table = renderTable([madeUpRun(), madeUpRun({ optimizer: 'a-long-name', gradientEvaluations: 7 })]);
  expect(table).toContain('| sgd         |');
  expect(table).toContain('|         7 |');
});

test('means over seeds are of the finished runs of each series', () => {
  const runs = [
    madeUpRun({ seed: 0, testAccuracy: 0.91 }),
    madeUpRun({ seed: 1, testAccuracy: 0.93 }),
    madeUpRun({ seed: 2, testAccuracy: 0.5, stopped: true }),
    madeUpRun({ optimizer: 'sam', rho: 0.05, testAccuracy: 0.925 }),
  ];
  const means = renderTable(runs).split('\n\n')[2]!;
  expect(means).toMatch(/sgd +\| +– \| 2 of 3 \| +92\.00 ± 1\.00 \|/);
  expect(means).toMatch(/sam +\| 0\.05 \| +1 \| +92\.50 \|/);
});

test('where not all runs of a series were finished, it is told how many, and a series without any stays', () => {
  const stopped = { testAccuracy: null, trainLoss: null, sharpness: null, secondsPerEpoch: null, stopped: true };
  const runs = [0, 1].flatMap((seed) => [
    madeUpRun({ seed }),
    madeUpRun({ seed, optimizer: 'sam', ...(seed === 0 && { ...stopped, diverged: true }) }),
    madeUpRun({ seed, optimizer: 'asam', ...stopped, diverged: true }),
  ]);
  const means = renderMeans(runs);
  expect(means).toMatch(/sam +\| +1 of 2 \| +90\.87 \|/);
  expect(means).toMatch(/asam +\| +0 of 2 \| +– \| +– \| +– \| +– \| +– \| +– \|/);
});

test('settings in which series differ have columns, but for those that all their names tell', () => {
  const runs = [0, 1].flatMap((seed) => [
    ...[5, 10].map((epochsAsked) => madeUpRun({ seed, epochsAsked })),
    madeUpRun({ seed, optimizer: 'sam', rho: 0.02 }),
  ]);
  expect(renderMeans(runs)).toMatch(/\| mean over seeds +\| epochs \| +ρ \| seeds \|/);
  expect(renderMeans(runs)).toMatch(/\| sam +\| +10 \| 0\.02 \| +2 \|/);
  const both = runs.map((run) => ({ ...run, rho: null })).filter(({ optimizer }) => optimizer === 'sgd');
  expect(renderMeans(both)).toMatch(/\| mean over seeds +\| seeds \|/);
});

test('what ± is stands below the means', () => {
  expect(renderMeans(madeUpRuns())).toContain('Means ± one standard error. Differences are paired');
  expect(renderMeans([madeUpRun()])).not.toContain('±');
});

test('differences to the baseline are paired by seed, with Student’s interval', () => {
  const sam = { optimizer: 'sam', rho: 0.05, gradientEvaluations: 18_760, secondsPerEpoch: 300 };
  const runs = [
    ...[0.9, 0.92, 0.94].map((testAccuracy, seed) => madeUpRun({ seed, testAccuracy, secondsPerEpoch: 150 })),
    ...[0.95, 0.92, 0.91].map((testAccuracy, k) => madeUpRun({ ...sam, seed: 2 - k, testAccuracy })),
    madeUpRun({ ...sam, seed: 3, testAccuracy: 0.1 }), // has no pair
  ];
  const means = renderTable(runs).split('\n\n')[2]!.split('\n');
  const cells = (row: string) =>
    row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1);
  const row = (label: string) =>
    Object.fromEntries(
      cells(means.find((line) => line.includes(`| ${label} `))!).map((cell, i) => [cells(means[0]!)[i], cell]),
    );
  // +1, 0 and +1 points: 2/3 ± t 0.577/√3, t = 4.3027
  expect(row('sam')).toMatchObject({
    'above sgd, paired': '+0.67 ± 1.43',
    gradients: '18,760',
    'training s': '3000',
  });
  expect(row('sgd')).toMatchObject({ 'above sgd, paired': '–', gradients: '9,380', seeds: '3' });
});

test('runs are compared with the baseline of their own task only', () => {
  const runs = [0, 1].flatMap((seed) => [
    madeUpRun({ seed, testAccuracy: 0.9 }),
    madeUpRun({ seed, testAccuracy: 0.91, optimizer: 'sam', rho: 0.05 }),
    madeUpRun({ seed, testAccuracy: 0.7, dataset: 'cifar-10' }),
    madeUpRun({ seed, testAccuracy: 0.72, dataset: 'cifar-10', optimizer: 'sam', rho: 0.05 }),
  ]);
  const means = renderTable(runs).split('\n\n')[2]!;
  expect(means).toContain('above the baseline of its task, paired');
  expect(means).toMatch(/sam \(fashion-mnist\) +\| 0\.05 \| +2 \|[^|]+\| +\+1\.00 ± 0\.00 \|/);
  expect(means).toMatch(/sam \(cifar-10\) +\| 0\.05 \| +2 \|[^|]+\| +\+2\.00 ± 0\.00 \|/);
});

test('without a second seed there is no table of means', () => {
  expect(renderTable([madeUpRun(), madeUpRun({ optimizer: 'sam', rho: 0.05 })])).not.toContain('mean over seeds');
  expect(renderTable(madeUpRuns())).toContain('mean over seeds');
});

test('an empty comparison says that it is empty', () => {
  expect(renderTable([])).toBe('No runs.');
});

test('in all, runs took their steps, gradients and hours', () => {
  const runs = [madeUpRun({ secondsPerEpoch: 360 }), madeUpRun({ seed: 1, epochs: 3, secondsPerEpoch: null })];
  expect(renderTotals(runs)).toBe('2 runs: 12,194 steps, 18,760 gradients, 1.0 hours of training.');
  expect(renderTotals(runs, 3)).toMatch(/^2 of 3 runs: /);
});

test('means stand alone, and the runs where there are none', () => {
  expect(renderMeans(madeUpRuns())).toMatch(/^fashion-mnist .*\n\n\| mean over seeds \|(?!.*optimizer)/s);
  expect(renderMeans([madeUpRun()])).toContain('| optimizer |');
});
