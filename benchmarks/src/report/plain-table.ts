import { markdownTable } from 'markdown-table';
import type { Table } from './columns.ts';

/** A table for the terminal, which is also one in Markdown. */
export function plainTable({ columns, rows }: Table): string {
  return markdownTable([columns.map(({ title }) => title), ...rows], {
    align: columns.map(({ numeric }) => (numeric ? 'right' : 'left')),
  });
}
