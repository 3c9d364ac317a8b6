import { markdownTable } from 'markdown-table';
import { resultsTable, sharedSettings, type Table } from './report/columns.ts';
import { seedsTable } from './report/seeds.ts';
import type { RunSummary } from './results.ts';

/**
 * The results as plain text, which is also a Markdown table: what all runs share in a line, a row for every run, and
 * the means over seeds where an optimizer ran with several.
 *
 * @example
 * console.log(renderTable(summary.runs));
 */
export function renderTable(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'No runs.';
  const means = seedsTable(runs);
  return [sharedSettings(runs).join(' · '), plain(resultsTable(runs)), ...(means === null ? [] : [plain(means)])].join(
    '\n\n',
  );
}

function plain({ columns, rows }: Table): string {
  return markdownTable([columns.map(({ title }) => title), ...rows], {
    align: columns.map(({ numeric }) => (numeric ? 'right' : 'left')),
  });
}
