import { html } from 'ghtml';
import type { RunSummary } from '../results.ts';
import { missing } from './format.ts';
import { tableHtml } from './tables.ts';

/** Everything that `summary.json` holds, unrounded and under its own names: what all runs share, then what they do not. */
export function exactValues(runs: readonly RunSummary[]): string {
  const first = runs[0];
  if (first === undefined) return '';
  const fields = [...new Set(runs.flatMap((run) => Object.keys(run)))] as (keyof RunSummary)[];
  const shared = fields.filter((field) => runs.every((run) => run[field] === first[field]));
  const items = shared.map((field) => html`<dt>${field}</dt><dd>${exact(first[field])}</dd>`);
  const columns = ['field', ...runs.map((_, position) => `run ${position}`)];
  const table = {
    columns: columns.map((title) => ({ title, numeric: false })),
    rows: fields
      .filter((field) => !shared.includes(field))
      .map((field) => [field, ...runs.map((run) => exact(run[field]))]),
  };
  return html`<dl>!${items}</dl>!${table.rows.length === 0 ? '' : tableHtml(table, 'Settings and results that differ', 'exact')}`;
}

function exact(value: RunSummary[keyof RunSummary]): string {
  return String(value ?? missing);
}
