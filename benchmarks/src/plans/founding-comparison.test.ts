import { expect, test } from 'vitest';
import { packAnswers } from '../answers.ts';
import { madeUpRun } from '../report/sample.ts';
import type { MetricsLine, RunSummary } from '../results.ts';
import { described } from '../settings.ts';
import { foundingComparison, foundingResults } from './founding-comparison.ts';
import { foundingRows, foundingTable } from './founding-table.ts';
import { planned } from './plan.ts';

const [fashion] = foundingRows;
const of = (settings: (typeof foundingRows)[number]['sgd'], changes: Partial<RunSummary>) =>
  madeUpRun({ ...described(settings), epochs: settings.epochsAsked, ...changes });
const answers = (run: number, right: string): MetricsLine => ({
  kind: 'answers',
  run,
  optimizer: '',
  seed: 1,
  right: packAnswers([...right].map((one) => one === '1')),
});
const epochs = (run: number, count: number): MetricsLine[] =>
  Array.from({ length: count }, (_, epoch) => ({
    kind: 'epoch',
    run,
    optimizer: '',
    seed: 1,
    epoch: epoch + 1,
    step: epoch + 1,
    trainLoss: 0,
    trainAccuracy: 0,
    testAccuracy: 0.9 + 0.001 * (epoch + 1),
    testLoss: 0,
    seconds: 0,
  }));
const WHOLE = { scale: 1 };
const sgd = of(fashion!.sgd, { testAccuracy: 0.916 });
const sam = of(fashion!.sam, { testAccuracy: 0.9241 });

test('both rows stand beside the founding numbers, with the images that only one network gets right', () => {
  const results = foundingResults(
    {
      runs: [madeUpRun({ model: 'linear' }), sam, sgd],
      metrics: [
        answers(0, '11111111'),
        answers(1, '11111000'),
        answers(2, '00000001'),
        ...epochs(1, 13),
        ...epochs(2, 11),
      ],
    },
    WHOLE,
  );
  expect(results.runs).toEqual([sgd, sam]);
  // Of thirteen epochs the first does not count; of eleven there is no mean.
  expect(results.lastEpochs).toEqual([null, expect.closeTo(0.9075, 9)]);
  expect(results.comparisons).toEqual([
    { dataset: 'fashion-mnist', model: 'conv4-16', onlySgd: 1, onlySam: 5, mcnemar: expect.closeTo(14 / 64, 9) },
  ]);
  const { columns, rows } = foundingComparison(results);
  expect(Object.fromEntries(columns.map(({ title }, i) => [title, rows[0]![i]]))).toEqual({
    network: '4 convolutions and a dense layer (conv4-16)',
    data: 'Fashion-MNIST',
    run: '100 epochs',
    batch: '64',
    SGD: '91.60 %',
    SAM: '92.41 %',
    'SGD, founding': '91.85 %',
    'SAM, founding': '92.82 %',
    'SGD, last 12': '–',
    'SAM, last 12': '90.75 %',
    'only SGD right': '1',
    'only SAM right': '5',
    'McNemar p': '0.22',
  });
  expect(rows[1]!.slice(2)).toEqual(['not run', '128', '–', '–', '82.19 %', '83.18 %', '–', '–', '–', '–', '–']);
});

test('what is less than the founding document’s epochs or images is told, and never mixed with the whole', () => {
  const small = { scale: 0.0001 };
  const [scaledSgd, , scaledCifar] = planned(foundingTable, small).map((one) => of(one, { testAccuracy: 0.5 }));
  const results = { runs: [scaledSgd!, sgd, sam, scaledCifar!], metrics: [answers(0, '1000'), answers(2, '1111')] };
  const cells = (options: typeof small) => {
    const { rows } = foundingComparison(foundingResults(results, options));
    return rows.map((row) => [row[2], row[4], row[5], row.at(-1)]);
  };
  expect(cells(WHOLE)).toEqual([
    ['100 epochs', '91.60 %', '92.41 %', '–'],
    ['not run', '–', '–', '–'],
  ]);
  expect(cells(small)).toEqual([
    ['1 of 100 epochs, 600 of 60,000 images', '50.00 %', '–', '–'],
    ['1 of 100 epochs, 150 of 50,000 images', '50.00 %', '–', '–'],
  ]);
});

test('a run that was stopped is no result', () => {
  const stopped = of(fashion!.sgd, { testAccuracy: null, stopped: true });
  expect(foundingResults({ runs: [stopped], metrics: [] }, WHOLE)).toEqual({
    runs: [],
    lastEpochs: [],
    comparisons: [],
  });
});
