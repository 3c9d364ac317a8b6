import { markdownTable } from 'markdown-table';
import type { Table } from './columns.ts';
import { oneLine } from './format.ts';

/** Columns of words, and behind them columns of numbers. */
export function columnsOf(words: readonly string[], numbers: readonly string[] = []): Table['columns'] {
  const column = (numeric: boolean) => (title: string) => ({ title, numeric });
  return [...words.map(column(false)), ...numbers.map(column(true))];
}

/** A table for the terminal, which is also one in Markdown. */
export function plainTable({ columns, rows }: Table): string {
  return markdownTable([columns.map(({ title }) => plainText(title)), ...rows.map((row) => row.map(plainText))], {
    align: columns.map(({ numeric }) => (numeric ? 'right' : 'left')),
  });
}

/** A text in one line, with nothing that Markdown takes for a cell's end or for HTML. */
export function plainText(text: string): string {
  return oneLine(text).replace(/[\\|<]/g, '\\$&');
}
