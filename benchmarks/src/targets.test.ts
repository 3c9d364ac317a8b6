import { expect, test } from 'vitest';
import type { ParallelRow } from './bench-parallel/bench-parallel.ts';
import type { StepRow } from './bench-step/step-rows.ts';
import { targetsTable } from './targets.ts';

const fastest = { ratioToPlain: 2, ratioToFloor: 1.036, ratioToTensorflow: 1.614, ratioToPytorch: 3 };
const step = (network: string, engine: string, optimizer: string, more: Partial<StepRow> = {}): StepRow => ({
  ...{ network, engine, optimizer, batch: 64, rounds: 9, gradients: 2 },
  ...{ fastestMs: 380, medianMs: 400, q1Ms: 390, q3Ms: 410 },
  ...{ ratioToPlain: 2, ratioToFloor: 1.034, ratioToTensorflow: 1.606, ratioToPytorch: 3 },
  ofFastest: fastest,
  ...more,
});
const steps = [
  ...['wasm', 'tensorflow'].flatMap((engine) => [
    step('conv4-32', engine, 'sam'),
    step('conv4-32', engine, 'plain'),
    step('mlp-64', engine, 'sam'),
  ]),
  ...['plain', 'sam'].map((optimizer) => step('conv4-32', 'wasm-2', optimizer)),
];
const pool = (ratio: number): ParallelRow => ({
  ...{ network: 'conv4-32', engine: 'wasm', optimizer: 'sgd', workers: 2, batchPerWorker: 32, rounds: 9 },
  ...{ stepsPerRound: 1, poolMs: 1, processMs: 1, ratio, quartiles: [ratio, ratio] },
  ...{ ratioOfFastest: ratio, ratioOfWaiting: 1, mainThread: 0.04 },
});

test('a target is reached by the number as it is printed, and missed by the next', () => {
  const reached = ({ rows }: ReturnType<typeof targetsTable>) =>
    rows.map(([, target, median, fastest, yes]) => [target, median, fastest, yes]);
  expect(reached(targetsTable(steps, [pool(0.949)]))).toEqual([
    ['≤ 1.03', '1.03', '1.04', 'yes'],
    ['≤ 1.03', '1.03', '1.04', 'yes'],
    ['≤ 1.10', '1.03', '1.04', 'yes'],
    ['≤ 1.10', '1.03', '1.04', 'yes'],
    ['≤ 400 ms', '400 ms', '380 ms', 'yes'],
    ['≤ 1.60', '1.61', '1.61', 'no'],
    ['≤ 1.60', '1.61', '1.61', 'no'],
    ['≥ 0.95', '0.95', '0.95', 'yes'],
  ]);
  const worse = steps.map((row) => ({ ...row, ratioToFloor: 1.0351, ratioToTensorflow: 1.604, medianMs: 400.1 }));
  expect(reached(targetsTable(worse, [pool(0.944)]))).toEqual([
    ['≤ 1.03', '1.04', '1.04', 'no'],
    ['≤ 1.03', '1.04', '1.04', 'no'],
    ['≤ 1.10', '1.04', '1.04', 'yes'],
    ['≤ 1.10', '1.04', '1.04', 'yes'],
    ['≤ 400 ms', '400 ms', '380 ms', 'by the fastest'],
    ['≤ 1.60', '1.60', '1.61', 'yes'],
    ['≤ 1.60', '1.60', '1.61', 'yes'],
    ['≥ 0.95', '0.94', '0.94', 'no'],
  ]);
});

test('one that only the fastest rounds reach is told apart from one that the median round does', () => {
  const disturbed = steps.map((row) => ({
    ...row,
    ofFastest: { ...fastest, ratioToFloor: 1.03, ratioToTensorflow: 1.6 },
    ratioToFloor: 1.2,
  }));
  const { rows } = targetsTable(disturbed, [{ ...pool(0.9), ratioOfFastest: 0.96 }]);
  expect(rows.map((row) => row.at(-1))).toEqual([
    ...Array.from({ length: 4 }, () => 'by the fastest'),
    'yes',
    ...Array.from({ length: 3 }, () => 'by the fastest'),
  ]);
});
