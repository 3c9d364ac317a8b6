import type { Table } from '../report/columns.ts';
import { decimals, missing } from '../report/format.ts';
import { columnsOf } from '../report/plain-table.ts';
import { PLAIN } from './step-optimizers.ts';
import type { StepRow } from './step-rows.ts';
import { milliseconds } from './step-table.ts';

const columns = columnsOf(['network', 'on'], ['SGD, ms', 'SAM, ms', 'SAM × its floor', 'SAM × PyTorch']);

/** A line for each network and engine: plain and SAM steps side by side. */
export function performanceTable(rows: readonly StepRow[]): Table {
  const plain = rows.filter(({ optimizer }) => optimizer === PLAIN);
  return {
    columns,
    rows: plain.map(({ network, engine, medianMs }) => {
      const sam = rows.find((row) => row.network === network && row.engine === engine && row.optimizer === 'sam');
      return [
        `\`${network}\``,
        engine,
        milliseconds(medianMs),
        sam ? milliseconds(sam.medianMs) : missing,
        decimals(sam?.ratioToFloor ?? null, 2),
        decimals(sam?.ratioToPytorch ?? null, 2),
      ];
    }),
  };
}
