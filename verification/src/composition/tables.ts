import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A table of the page: what its cells say, by row and column. */
export interface Table {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cell: (row: string, column: string) => string;
}

const page = join(import.meta.dirname, '../../../docs/guide/what-composes.md');

/** The table under a heading of the page on what composes with what. */
export function tableUnder(heading: string): Table {
  const section =
    readFileSync(page, 'utf8')
      .split(/^## /m)
      .find((text) => text.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const cellsOf = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const [head = [], , ...body] = lines.map(cellsOf);
  const columns = head.slice(1);
  return {
    rows: body.map(([name]) => name!),
    columns,
    cell: (row, column) => body.find(([name]) => name === row)![columns.indexOf(column) + 1]!,
  };
}
