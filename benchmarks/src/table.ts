import { resultsTable, sharedSettings } from './report/columns.ts';
import { plainTable, plainText } from './report/plain-table.ts';
import { seedsTable } from './report/seeds.ts';
import type { RunSummary } from './results.ts';

/**
 * The results as plain text: what all runs share in a line, a row for every run, and the means over seeds where an
 * optimizer ran with several.
 *
 * @example
 * console.log(renderTable(summary.runs));
 */
export function renderTable(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'No runs.';
  const means = seedsTable(runs);
  const tables = [resultsTable(runs), ...(means === null ? [] : [means])];
  return [plainText(sharedSettings(runs).join(' · ')), ...tables.map(plainTable)].join('\n\n');
}
