import { max, rollup } from 'd3-array';
import type { TopLevelSpec } from 'vega-lite';
import type { MetricsLine } from '../results.ts';

/** Something measured in a run. */
export interface Point {
  /** The position of the run in the summary. */
  readonly run: number;
  readonly series: string;
}

/** After an epoch; accuracy in percent. */
export interface AccuracyPoint extends Point {
  readonly epoch: number;
  readonly accuracy: number;
}

/** Of the batch of a step. */
export interface LossPoint extends Point {
  readonly step: number;
  readonly loss: number;
}

/** Held-out accuracy after each epoch; `labels` are the series of the runs. */
export function accuracies(metrics: readonly MetricsLine[], labels: readonly string[]): AccuracyPoint[] {
  return metrics.flatMap((line) =>
    line.kind === 'epoch'
      ? [{ run: line.run, series: labels[line.run]!, epoch: line.epoch, accuracy: 100 * line.testAccuracy }]
      : [],
  );
}

/** The loss of every recorded batch; `labels` are the series of the runs. */
export function losses(metrics: readonly MetricsLine[], labels: readonly string[]): LossPoint[] {
  return metrics.flatMap((line) =>
    line.kind === 'step' ? [{ run: line.run, series: labels[line.run]!, step: line.step, loss: line.loss }] : [],
  );
}

/**
 * Vega-Lite's transform of {@link losses}: `smooth` is their centred moving mean, taken of each group on its own, and
 * so many points of a curve are left.
 */
export function smoothed(
  metrics: readonly MetricsLine[],
  groupby: string[],
  points: number,
): NonNullable<TopLevelSpec['transform']> {
  const half = (smoothingWindow(metrics) - 1) / 2;
  const thinning = Math.max(1, Math.ceil(longestCurve(metrics) / points));
  return [
    // A batch that the network fits exactly, or one that diverged, has no logarithm.
    { filter: 'isFinite(datum.loss) && datum.loss > 0' },
    {
      window: [
        { op: 'mean', field: 'loss', as: 'smooth' },
        { op: 'row_number', as: 'row' },
      ],
      sort: [{ field: 'step' }],
      groupby,
      frame: [-half, half],
    },
    { filter: `datum.row % ${thinning} === 0` },
  ];
}

/** Whether a series has more than one run. */
export function hasSeveralRuns(labels: readonly string[]): boolean {
  return new Set(labels).size < labels.length;
}

/**
 * Vega-Lite's transform of values of several runs: under the name of the field their mean, and `low` and `high` one sample
 * deviation from it; of one run there are none.
 */
export function meanAndBand(field: string, groupby: string[]): NonNullable<TopLevelSpec['transform']> {
  return [
    {
      aggregate: [
        { op: 'mean', field, as: 'mean' },
        { op: 'stdev', field, as: 'deviation' },
        { op: 'count', as: 'runs' },
      ],
      groupby,
    },
    { calculate: 'datum.mean', as: field },
    { calculate: 'datum.runs > 1 ? datum.mean - datum.deviation : null', as: 'low' },
    { calculate: 'datum.runs > 1 ? datum.mean + datum.deviation : null', as: 'high' },
  ];
}

/**
 * {@link meanAndBand} of losses, for a logarithmic axis: where a band reaches down to nothing, as the deviation of few runs
 * easily does, it ends at the least mean there is.
 */
export function meanAndPositiveBand(field: string, groupby: string[]): NonNullable<TopLevelSpec['transform']> {
  return [
    ...meanAndBand(field, groupby),
    { joinaggregate: [{ op: 'min', field: 'mean', as: 'least' }] },
    { calculate: 'datum.low === null ? null : max(datum.low, datum.least)', as: 'low' },
  ];
}

/** How many recorded losses one smoothed point is the mean of: an odd number, about a fiftieth of the longest curve. */
export function smoothingWindow(metrics: readonly MetricsLine[]): number {
  return 2 * Math.ceil(longestCurve(metrics) / 100) + 1;
}

function longestCurve(metrics: readonly MetricsLine[]): number {
  const steps = metrics.filter(({ kind }) => kind === 'step');
  const lengths = rollup(
    steps,
    (lines) => lines.length,
    ({ run }) => run,
  );
  return max(lengths.values()) ?? 0;
}
