import { milliseconds } from '../bench-step/step-table.ts';
import type { Table } from '../report/columns.ts';
import { columnsOf } from '../report/plain-table.ts';
import type { ParallelRow } from './bench-parallel.ts';

const columns = columnsOf(
  ['network', 'optimizer'],
  [
    ...['images each', 'pool ms', 'process ms'],
    ...['throughput ratio', 'quartiles', 'of the fastest', 'if all wait for the slowest', 'main thread busy'],
  ],
);

/** The pool beside the processes, a row each. */
export function parallelTable(rows: readonly ParallelRow[]): Table {
  return {
    columns,
    rows: rows.map((row) => [
      row.network,
      row.optimizer,
      String(row.batchPerWorker),
      milliseconds(row.poolMs),
      milliseconds(row.processMs),
      row.ratio.toFixed(2),
      row.quartiles.map((quartile) => quartile.toFixed(2)).join(' – '),
      row.ratioOfFastest.toFixed(2),
      row.ratioOfWaiting.toFixed(2),
      `${(100 * row.mainThread).toFixed(1)} %`,
    ]),
  };
}
