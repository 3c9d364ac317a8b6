import type { Table } from '../report/columns.ts';
import { decimals } from '../report/format.ts';
import { columnsOf } from '../report/plain-table.ts';
import type { StepRow } from './step-rows.ts';

/** A time with three digits that count. */
export const milliseconds = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

/** The measured steps, a row each. */
export function stepTable(rows: readonly StepRow[]): Table {
  return {
    columns: columnsOf(
      ['network', 'engine', 'optimizer'],
      ['batch', 'median ms', 'quartiles ms', '× plain', '× floor', '× native', '× PyTorch'],
    ),
    rows: rows.map((row) => [
      row.network,
      row.engine,
      row.optimizer,
      String(row.batch),
      milliseconds(row.medianMs),
      `${milliseconds(row.q1Ms)} – ${milliseconds(row.q3Ms)}`,
      decimals(row.ratioToPlain, 2),
      decimals(row.ratioToFloor, 2),
      decimals(row.ratioToTensorflow, 2),
      decimals(row.ratioToPytorch, 2),
    ]),
  };
}
