import type { ParallelRow } from './bench-parallel/bench-parallel.ts';
import type { StepRow } from './bench-step/step-rows.ts';
import { milliseconds } from './bench-step/step-table.ts';
import type { Table } from './report/columns.ts';
import { columnsOf } from './report/plain-table.ts';

/** A number that was to be reached, and the one that was. */
interface Target {
  readonly what: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly measured: number;
  /** The same of the fastest rounds. */
  readonly fastest: number;
  readonly text: (value: number) => string;
}

/** What steps were to cost, and what they do. */
export function targetsTable(steps: readonly StepRow[], parallel: readonly ParallelRow[]): Table {
  return {
    columns: columnsOf(['what', 'target', 'median', 'fastest', 'reached']),
    rows: targets(steps, parallel).map(({ what, atMost, atLeast, measured, fastest, text }) => {
      const reaches = (value: number): boolean =>
        value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? 0);
      return [
        what,
        atMost === undefined ? `≥ ${text(atLeast!)}` : `≤ ${text(atMost)}`,
        text(measured),
        text(fastest),
        reaches(measured) ? 'yes' : reaches(fastest) ? 'by the fastest' : 'no',
      ];
    }),
  };
}

function targets(steps: readonly StepRow[], parallel: readonly ParallelRow[]): Target[] {
  const row = (network: string, engine: string, optimizer: string): StepRow =>
    steps.find((one) => one.network === network && one.engine === engine && one.optimizer === optimizer)!;
  // A ratio counts as it is printed, or 1.0301 would be 1.03 and not reach it.
  const ratio = (value: number): string => value.toFixed(2);
  const rounded = (value: number | null): number => Number(ratio(value!));
  const floor = (network: string, engine: string, atMost: number): Target => {
    const { ratioToFloor, ofFastest } = row(network, engine, 'sam');
    return {
      what: `SAM's step to its floor, ${network} on ${engine}`,
      atMost,
      measured: rounded(ratioToFloor),
      fastest: rounded(ofFastest.ratioToFloor),
      text: ratio,
    };
  };
  const beside = (optimizer: string): Target => {
    const { ratioToTensorflow, ofFastest } = row('conv4-32', 'wasm-2', optimizer);
    return {
      what: `two workers on wasm to the native addon, conv4-32, ${optimizer}`,
      atMost: 1.6,
      measured: rounded(ratioToTensorflow),
      fastest: rounded(ofFastest.ratioToTensorflow),
      text: ratio,
    };
  };
  const plain = row('conv4-32', 'wasm', 'plain');
  return [
    floor('conv4-32', 'wasm', 1.03),
    floor('conv4-32', 'tensorflow', 1.03),
    floor('mlp-64', 'wasm', 1.1),
    floor('mlp-64', 'tensorflow', 1.1),
    {
      what: 'a plain step of conv4-32 on one thread of wasm',
      atMost: 400,
      measured: plain.medianMs,
      fastest: plain.fastestMs,
      text: (value) => `${milliseconds(value)} ms`,
    },
    beside('plain'),
    beside('sam'),
    ...parallel.map(({ network, optimizer, batchPerWorker, workers, ratio: measured, ratioOfFastest }) => ({
      what: `a pool of ${workers} to as many processes, ${network}, ${optimizer}, ${batchPerWorker} images each`,
      atLeast: 0.95,
      measured: rounded(measured),
      fastest: rounded(ratioOfFastest),
      text: ratio,
    })),
  ];
}
