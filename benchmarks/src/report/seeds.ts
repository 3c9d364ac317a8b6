import { group, mean } from 'd3-array';
import type { RunSummary } from '../results.ts';
import { interval, pairedDifferences } from '../statistics/paired.ts';
import { baselineOf, tasksOf } from './baseline.ts';
import { accuracyTitle, seriesLabels, seriesSettings, type Table } from './columns.ts';
import { count, decimals, missing } from './format.ts';
import { difference, withError } from './intervals.ts';

/** What ± is in a table of means. */
export const MEANS_LEGEND =
  'Means ± one standard error. Differences are paired over the seeds that both have, ± half the 95 % interval of Student’s t: over seeds, on these images.';

/** Runs that share all but the seed. */
export interface Series {
  readonly label: string;
  /** Those that were finished. */
  readonly runs: readonly RunSummary[];
  /** All, those that were stopped and those that diverged too. */
  readonly begun: readonly RunSummary[];
}

/** A column of the table: what is told of a series. */
interface Measure {
  readonly title: string;
  text(series: Series): string;
}

/**
 * The finished runs of each series: means and standard errors, paired differences to the baseline, and the cost; null
 * when no series has two. Where not all that were begun were finished, it tells how many: a mean of those that did not
 * diverge is none of the optimizer's.
 */
export function seedsTable(runs: readonly RunSummary[]): Table | null {
  const all = seriesOf(runs);
  if (all.every((series) => series.runs.length < 2)) return null;
  const bases = basesOf(all);
  const measures: readonly Measure[] = [
    ...seriesSettings(runs).map(({ title, text }) => ({ title, text: ({ begun }: Series) => text(begun[0]!) })),
    {
      title: 'seeds',
      text: (series) =>
        series.runs.length === series.begun.length
          ? String(series.runs.length)
          : `${series.runs.length} of ${series.begun.length}`,
    },
    {
      title: `${accuracyTitle(runs)} in %`,
      text: (series) => withError(interval(values(series, percentRight)), 2),
    },
    differences(bases),
    { title: 'training loss', text: (series) => decimals(mean(values(series, (run) => run.trainLoss)) ?? null, 4) },
    { title: 'sharpness', text: (series) => withError(interval(values(series, (run) => run.sharpness)), 4) },
    {
      title: 'gradients',
      text({ runs: finished }) {
        const gradients = mean(finished, (run) => run.gradientEvaluations);
        return gradients === undefined ? missing : count(Math.round(gradients));
      },
    },
    {
      title: 'training s',
      text: (series) => decimals(mean(values(series, secondsOf)) ?? null, 0),
    },
  ];
  return {
    columns: [{ title: 'mean over seeds', numeric: false }, ...measures.map(({ title }) => ({ title, numeric: true }))],
    rows: all.map((series) => [series.label, ...measures.map(({ text }) => text(series))]),
  };
}

/** The runs by what they differ in besides the seed, in their order. */
export function seriesOf(runs: readonly RunSummary[]): Series[] {
  const labels = new Map(seriesLabels(runs).map((label, position) => [runs[position]!, label]));
  return Array.from(
    group(runs, (run) => labels.get(run)!),
    ([label, begun]) => ({ label, runs: begun.filter((run) => !run.stopped), begun }),
  );
}

/** The series to compare each with: the baseline of its task. */
function basesOf(all: readonly Series[]): Map<Series, Series> {
  const some = all.map((series) => ({ series, run: series.begun[0]! }));
  return new Map(
    tasksOf(some, ({ run }) => run).flatMap(({ members }) => {
      const runs = members.flatMap(({ series }) => series.begun);
      const base = members.find(({ series }) => series.begun.includes(baselineOf(runs)!))!.series;
      return members.map(({ series }) => [series, base] as const);
    }),
  );
}

function differences(bases: ReadonlyMap<Series, Series>): Measure {
  const names = new Set([...bases.values()].map(({ label }) => label));
  return {
    title: `above ${names.size === 1 ? [...names][0] : 'the baseline of its task'}, paired`,
    text(series) {
      const base = bases.get(series)!;
      if (series === base) return missing;
      return difference(interval(pairedDifferences(series.runs, base.runs, percentRight)), 2);
    },
  };
}

function percentRight({ testAccuracy }: RunSummary): number | null {
  return testAccuracy === null ? null : 100 * testAccuracy;
}

function values(series: Series, value: (run: RunSummary) => number | null): number[] {
  return series.runs.map(value).filter((one) => one !== null);
}

function secondsOf({ secondsPerEpoch, epochs }: RunSummary): number | null {
  return secondsPerEpoch === null ? null : secondsPerEpoch * epochs;
}
