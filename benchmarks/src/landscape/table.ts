import type { Table } from '../report/columns.ts';
import { seriesLabels } from '../report/columns.ts';
import { decimals, missing, percent } from '../report/format.ts';
import type { LandscapeResults, RunMeasures } from './results.ts';

interface Column {
  readonly title: string;
  text(measures: RunMeasures): string;
}

const columns: readonly Column[] = [
  { title: 'seed', text: ({ run }) => String(run.seed) },
  { title: 'test accuracy', text: ({ run }) => percent(run.testAccuracy) },
  { title: 'loss', text: ({ measured }) => decimals(measured.sharpness?.value.loss ?? null, 4) },
  { title: 'sharpness', text: ({ measured }) => decimals(measured.sharpness?.value.sharpness ?? null, 4) },
  { title: 'adaptive', text: ({ measured }) => decimals(measured.adaptiveSharpness?.value.sharpness ?? null, 4) },
  { title: 'λ₁', text: ({ measured }) => decimals(measured.eigenvalues?.value.eigenvalues[0]?.value ?? null, 2) },
  { title: 'λ₅', text: ({ measured }) => decimals(measured.eigenvalues?.value.eigenvalues[4]?.value ?? null, 2) },
  {
    title: 'trace',
    text({ measured }) {
      if (measured.trace === undefined) return missing;
      const { trace, standardError } = measured.trace.value;
      return `${trace.toFixed(0)} ± ${standardError.toFixed(0)}`;
    },
  },
  { title: 'second-order term', text: ({ measured }) => percent(measured.secondOrderTerm?.value.relative ?? null) },
];

/** The measures of each run in a row. */
export function landscapeTable({ runs }: LandscapeResults): Table {
  const labels = seriesLabels(runs.map(({ run }) => run));
  return {
    columns: [{ title: 'optimizer', numeric: false }, ...columns.map(({ title }) => ({ title, numeric: true }))],
    rows: runs.map((measures, position) => [labels[position]!, ...columns.map(({ text }) => text(measures))]),
  };
}
