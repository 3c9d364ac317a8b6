import { expect, test } from 'vitest';
import { baselineOf, tasksOf } from './baseline.ts';
import { madeUpRun } from './sample.ts';

test('the baseline is plain gradient descent as most others are trained, whatever comes first', () => {
  const [once, twice] = [10, 20].map((epochsAsked) => madeUpRun({ epochsAsked }));
  const sam = madeUpRun({ optimizer: 'sam', rho: 0.05 });
  expect(baselineOf([twice!, sam, once!])).toBe(once);
  expect(baselineOf([sam])).toBe(sam);
  expect(baselineOf([])).toBe(undefined);
});

test('runs on other data, of other networks, with other labels or judged otherwise are of another task', () => {
  const run = madeUpRun();
  const others = [
    madeUpRun({ dataset: 'cifar-10' }),
    madeUpRun({ model: 'resnet-12' }),
    madeUpRun({ labelNoise: 0.4 }),
    madeUpRun({ trainImages: 100 }),
    madeUpRun({ evaluatedOn: 'validation', validation: 10 }),
    madeUpRun({ evaluatedOn: 'validation', validation: 20 }),
  ];
  const same = [madeUpRun({ seed: 9 }), madeUpRun({ optimizer: 'sam' }), madeUpRun({ learningRate: 1 })];
  const tasks = tasksOf([run, ...others, ...same], (one) => one);
  expect(tasks.map(({ members }) => members)).toEqual([[run, ...same], ...others.map((other) => [other])]);
  expect(tasksOf([run, ...same], (one) => one)).toEqual([{ label: '', members: [run, ...same] }]);
  expect(tasksOf([run, others[2]!], (one) => one).map(({ label }) => label)).toEqual([
    'labels shuffled –',
    'labels shuffled 40.00 %',
  ]);
});
