import { deviation, group, mean } from 'd3-array';
import type { RunSummary } from '../results.ts';
import { accuracyTitle, seriesLabels, type Table } from './columns.ts';
import { missing } from './format.ts';

interface Measure {
  readonly title: string;
  readonly digits: number;
  value(run: RunSummary): number | null;
}

/** Mean ± sample standard deviation over the finished runs of each series; null when no series has two. */
export function seedsTable(runs: readonly RunSummary[]): Table | null {
  const labels = new Map(seriesLabels(runs).map((label, position) => [runs[position]!, label]));
  const finished = runs.filter((run) => !run.stopped);
  const series = group(finished, (run) => labels.get(run)!);
  if (finished.length === series.size) return null;

  const measures: readonly Measure[] = [
    {
      title: `${accuracyTitle(runs)} in %`,
      digits: 2,
      value: ({ testAccuracy }) => (testAccuracy === null ? null : 100 * testAccuracy),
    },
    { title: 'training loss', digits: 4, value: (run) => run.trainLoss },
    { title: 'sharpness', digits: 4, value: (run) => run.sharpness },
    { title: 's / epoch', digits: 1, value: (run) => run.secondsPerEpoch },
  ];
  return {
    columns: [
      { title: 'mean over seeds', numeric: false },
      { title: 'seeds', numeric: true },
      ...measures.map(({ title }) => ({ title, numeric: true })),
    ],
    rows: [...series].map(([label, members]) => [
      label,
      String(members.length),
      ...measures.map(({ value, digits }) => meanAndDeviation(members.map(value), digits)),
    ]),
  };
}

/** `91.52 ± 0.11`; without ± for one value, and a dash for none. */
function meanAndDeviation(values: readonly (number | null)[], digits: number): string {
  const average = mean(values);
  const spread = deviation(values);
  if (average === undefined) return missing;
  return spread === undefined ? average.toFixed(digits) : `${average.toFixed(digits)} ± ${spread.toFixed(digits)}`;
}
