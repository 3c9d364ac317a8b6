import { group } from 'd3-array';
import { baselineOf, tasksOf } from '../report/baseline.ts';
import { seriesLabels, type Table } from '../report/columns.ts';
import { decimals, missing, percent } from '../report/format.ts';
import { difference, withError } from '../report/intervals.ts';
import { interval, pairedDifferences } from '../statistics/paired.ts';
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

/** The measures of each run in a row; what was measured of none has no column. */
export function landscapeTable({ runs }: LandscapeResults): Table {
  const labels = seriesLabels(runs.map(({ run }) => run));
  const known = columns.filter(({ text }) => runs.some((measures) => text(measures) !== missing));
  return {
    columns: [{ title: 'optimizer', numeric: false }, ...known.map(({ title }) => ({ title, numeric: true }))],
    rows: runs.map((measures, position) => [labels[position]!, ...known.map(({ text }) => text(measures))]),
  };
}

/** A measure as a number, and with how many digits it is told. */
interface Quantity {
  readonly title: string;
  readonly digits: number;
  of(measures: RunMeasures): number | undefined;
}

const quantities: readonly Quantity[] = [
  { title: 'sharpness', digits: 4, of: ({ measured }) => measured.sharpness?.value.sharpness },
  { title: 'adaptive', digits: 4, of: ({ measured }) => measured.adaptiveSharpness?.value.sharpness },
  { title: 'λ₁', digits: 2, of: ({ measured }) => measured.eigenvalues?.value.eigenvalues[0]?.value },
  { title: 'trace', digits: 0, of: ({ measured }) => measured.trace?.value.trace },
];

/**
 * Means over seeds with standard errors, and what each series has above plain gradient descent, paired by seed, with its
 * 95 % interval; null when no series has two.
 */
export function landscapeMeans({ runs }: LandscapeResults): Table | null {
  const labels = seriesLabels(runs.map(({ run }) => run));
  const labelled = runs.map((measures, position) => ({
    ...measures,
    seed: measures.run.seed,
    label: labels[position]!,
  }));
  if (new Set(labels).size === runs.length) return null;
  const tasks = tasksOf(labelled, ({ run }) => run).map(({ members }) => {
    const base = members.find(({ run }) => run === baselineOf(members.map((one) => one.run)))!.label;
    return { base, series: group(members, ({ label }) => label) };
  });
  const bases = new Set(tasks.map(({ base }) => base));
  const above = bases.size === 1 ? [...bases][0] : 'the baseline of its task';
  const known = quantities.filter(({ of }) => runs.some((measures) => of(measures) !== undefined));
  const titles = ['seeds', ...known.flatMap(({ title }) => [title, `${title} above ${above}`])];
  return {
    columns: [{ title: 'mean over seeds', numeric: false }, ...titles.map((title) => ({ title, numeric: true }))],
    rows: tasks.flatMap(({ base, series }) =>
      [...series].map(([label, members]) => [
        label,
        String(members.length),
        ...known.flatMap(({ digits, of }) => [
          withError(interval(members.flatMap((one) => of(one) ?? [])), digits),
          label === base ? missing : difference(interval(pairedDifferences(members, series.get(base)!, of)), digits),
        ]),
      ]),
    ),
  };
}
