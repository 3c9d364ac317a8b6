import type { Table } from '../report/columns.ts';
import type { StepRow } from './bench-step.ts';

/** The measured steps, a row each. */
export function stepTable(rows: readonly StepRow[]): Table {
  const words = ['network', 'engine', 'optimizer'];
  const numbers = ['batch', 'median ms', 'quartiles ms', 'ratio to plain'];
  return {
    columns: [
      ...words.map((title) => ({ title, numeric: false })),
      ...numbers.map((title) => ({ title, numeric: true })),
    ],
    rows: rows.map(({ network, engine, optimizer, batch, medianMs, q1Ms, q3Ms, ratioToPlain }) => [
      network,
      engine,
      optimizer,
      String(batch),
      medianMs.toFixed(1),
      `${q1Ms.toFixed(1)} – ${q3Ms.toFixed(1)}`,
      ratioToPlain.toFixed(2),
    ]),
  };
}
