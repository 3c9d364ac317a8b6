import { extent, groups, mean } from 'd3-array';
import type { TopLevelSpec } from 'vega-lite';
import type { RunSummary } from '../results.ts';
import { outerFence } from './fence.ts';
import { config } from './look.ts';
import type { PanelOptions } from './panels.ts';

/** Of all finished runs of a series. */
interface Standing {
  readonly series: string;
  /** In percent; the mean. */
  readonly accuracy: number;
  /** Gradients computed, in those of the baseline. */
  readonly cost: string;
}

const ROW = 20;

/** In points of accuracy: so far apart even those stay together that are all alike. */
const MARGIN = 0.05;

/**
 * Accuracy in percent of each series, the best on top: a point a run, and beside it what it costs. Runs far below all others
 * are an arrow at the left, with their accuracies.
 */
export function ranking(runs: readonly RunSummary[], title: string, options: PanelOptions): TopLevelSpec {
  const { labels, width, baseline } = options;
  const finished = runs.flatMap((run, position) =>
    run.testAccuracy === null ? [] : [{ series: labels[position]!, run, accuracy: 100 * run.testAccuracy }],
  );
  const standings = standingsOf(finished, baseline);
  const y = { field: 'series', type: 'nominal', title: null, sort: standings.map(({ series }) => series) } as const;
  const axis = { format: '.4~g', tickCount: width / 100 };
  const fence = outerFence(finished.map(({ accuracy }) => accuracy)) - MARGIN;
  const crowd = finished.filter(({ accuracy }) => accuracy >= fence);
  const domain = extent(crowd, ({ accuracy }) => accuracy) as [number, number];
  const x = { field: 'accuracy', type: 'quantitative', title, scale: { domain, padding: 12 }, axis } as const;
  return {
    config,
    width,
    height: ROW * standings.length,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 2,
    layer: [
      {
        data: { values: standings.filter(({ series, accuracy }) => series === baseline && accuracy >= fence) },
        mark: { type: 'rule', color: 'var(--muted)', strokeDash: [3, 3] },
        encoding: { x },
      },
      {
        data: { values: crowd.map(({ series, accuracy }) => ({ series, accuracy })) },
        mark: { type: 'point', filled: true, size: 55, opacity: 1, color: 'var(--series-1)' },
        encoding: { x, y },
      },
      {
        data: { values: farBelow(finished, fence) },
        encoding: { x: { value: 6 }, y },
        layer: [
          {
            mark: { type: 'point', filled: true, size: 55, opacity: 1, color: 'var(--muted)', shape: 'triangle-left' },
          },
          { mark: { type: 'text', align: 'left', dx: 9, color: 'var(--ink)' }, encoding: { text: { field: 'label' } } },
        ],
      },
      {
        data: { values: standings },
        mark: { type: 'text', align: 'right', dx: 64, color: 'var(--ink)' },
        encoding: { x: { value: 'width' }, y, text: { field: 'cost' } },
      },
      {
        data: { values: [{}] },
        mark: { type: 'text', align: 'right', dx: 64, dy: -8, text: 'gradients', color: 'var(--muted)' },
        encoding: { x: { value: 'width' }, y: { value: 0 } },
      },
    ],
  };
}

interface FinishedRun {
  readonly series: string;
  readonly run: RunSummary;
  readonly accuracy: number;
}

/** Of each series the accuracies below the fence, the lowest first. */
function farBelow(finished: readonly FinishedRun[], fence: number): { series: string; label: string }[] {
  const below = finished.filter(({ accuracy }) => accuracy < fence);
  return groups(below, ({ series }) => series).map(([series, members]) => ({
    series,
    label: members
      .map(({ accuracy }) => accuracy)
      .sort((one, other) => one - other)
      .map((accuracy) => accuracy.toFixed(2))
      .join(', '),
  }));
}

function standingsOf(finished: readonly FinishedRun[], baseline: string): Standing[] {
  const bySeries = groups(finished, ({ series }) => series);
  const gradients = (members: readonly FinishedRun[]): number => mean(members, ({ run }) => run.gradientEvaluations)!;
  const base = bySeries.find(([series]) => series === baseline);
  const cost = (members: readonly FinishedRun[]): string =>
    base === undefined ? '' : `${(gradients(members) / gradients(base[1])).toFixed(1)} ×`;
  return bySeries
    .map(([series, members]) => ({ series, accuracy: mean(members, ({ accuracy }) => accuracy)!, cost: cost(members) }))
    .sort((one, other) => other.accuracy - one.accuracy);
}
