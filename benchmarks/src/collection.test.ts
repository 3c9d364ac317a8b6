import { expect, test } from 'vitest';
import { Collection } from './collection.ts';
import { madeUpRun } from './report/sample.ts';
import type { MetricsLine } from './results.ts';

const line = (run: number, seed: number): MetricsLine => ({
  kind: 'step',
  run,
  optimizer: 'sgd',
  seed,
  epoch: 1,
  step: 1,
  loss: 1,
});

test('runs of several folders keep their metrics, under their new places', () => {
  const collection = new Collection({ runs: [madeUpRun({ seed: 1 })], metrics: [line(0, 1)] });
  collection.addAll({
    runs: [madeUpRun({ seed: 2 }), madeUpRun({ seed: 3 })],
    metrics: [line(1, 3), line(0, 2)],
  });
  const { runs, metrics } = collection.results();
  expect(runs.map(({ seed }) => seed)).toEqual([1, 2, 3]);
  expect(metrics).toEqual([line(0, 1), line(1, 2), line(2, 3)]);
});

test('of two runs with the same settings the finished one stays, whichever came first', () => {
  const stopped = madeUpRun({ stopped: true, epochs: 3, testAccuracy: null });
  const finished = madeUpRun({ commit: 'another' });
  for (const order of [
    [stopped, finished],
    [finished, stopped],
  ]) {
    const collection = new Collection();
    for (const run of order) collection.addAll({ runs: [run], metrics: [] });
    expect(collection.results().runs).toEqual([finished]);
  }
});

test('of two stopped runs with the same settings the one that went on longer stays', () => {
  const [short, long] = [1, 10].map((epochs) => madeUpRun({ stopped: true, epochs, testAccuracy: null }));
  for (const order of [
    [short!, long!],
    [long!, short!],
  ]) {
    const collection = new Collection();
    for (const run of order) collection.addAll({ runs: [run], metrics: [] });
    expect(collection.results().runs).toEqual([long]);
  }
});

test('a run that diverged is as good as finished', () => {
  const diverged = madeUpRun({ stopped: true, diverged: true, testAccuracy: null });
  const collection = new Collection({ runs: [diverged], metrics: [] });
  collection.addAll({ runs: [madeUpRun()], metrics: [] });
  expect(collection.results().runs).toEqual([diverged]);
});

test.each([
  { optimizer: 'sam' },
  { rho: 0.1 },
  { seed: 9 },
  { epochsAsked: 20 },
  { schedule: 'cosine' },
  { labelNoise: 0.4 },
  { augment: 'flip' },
  { subset: 20_000 },
  { validation: 4_000 },
  { trainImages: 100 },
  { backend: 'cpu' },
] as const)('runs that differ in %j are two', (changes) => {
  const collection = new Collection({ runs: [madeUpRun(), madeUpRun(changes)], metrics: [] });
  expect(collection.results().runs).toHaveLength(2);
  expect(collection.find(madeUpRun(changes))).toMatchObject(changes);
});

test('runs that are arranged stand behind the others, each with its own metrics', () => {
  const runs = [1, 2, 3, 4].map((seed) => madeUpRun({ seed }));
  const collection = new Collection({ runs, metrics: [line(0, 1), line(3, 4)] });
  collection.arrange([runs[3]!, madeUpRun({ seed: 9 }), runs[0]!]);
  const arranged = collection.results();
  expect(arranged.runs.map(({ seed }) => seed)).toEqual([2, 3, 4, 1]);
  expect(arranged.metrics).toEqual([line(2, 4), line(3, 1)]);
});
