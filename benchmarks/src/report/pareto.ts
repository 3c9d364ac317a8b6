import { max, mean, min } from 'd3-array';
import type { TopLevelSpec } from 'vega-lite';
import type { RunSummary } from '../results.ts';
import { interval } from '../statistics/paired.ts';
import type { X } from './axes.ts';
import type { FigureOptions } from './curves.ts';
import { outerFence } from './fence.ts';
import { config } from './look.ts';
import { seriesOf } from './seeds.ts';

/** A series as a point: what it costs, and what it achieves. */
interface Standing {
  readonly series: string;
  /** Gradients of an image, in passes over all images. */
  readonly cost: number;
  /** In percent; the mean. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  /** Whether no other is as accurate for as few gradients. */
  readonly best: boolean;
}

/** A series as it is drawn. */
interface Drawn extends Standing {
  readonly label: string;
  /** So far below all others that it stands at the foot of the figure, with its accuracy in the label. */
  readonly far: boolean;
}

const HEIGHT = 360;

/** Above and below, in points of accuracy. */
const MARGIN = 0.05;

/** In points: what is less than one run's luck must not fill the figure. */
const SPAN = 1;

/** Labels stand so far apart, in CSS pixels. */
const LINE = 15;

/**
 * Mean accuracy in percent with its standard error against the gradients computed, a point a series; a line joins those
 * than which none is as accurate for as few. What is far below the rest stands at the foot as an arrow, with its accuracy: on one axis
 * with it the others could not be told apart.
 */
export function pareto(runs: readonly RunSummary[], title: string, { width }: FigureOptions): TopLevelSpec {
  const all = standingsOf(runs);
  const fence = outerFence(all.map(({ accuracy }) => accuracy)) - MARGIN;
  const lowest = min(all, ({ accuracy, low }) => (accuracy < fence ? undefined : low))!;
  const highest = max(all, ({ high }) => high)!;
  const margin = Math.max(MARGIN, (SPAN - (highest - lowest)) / 2);
  const [least, most] = [lowest - margin, highest + margin];
  const standings = all.map((one) =>
    one.accuracy < fence ? atFoot(one, least) : { ...one, label: one.series, far: false },
  );
  const labels = labelled(standings, (LINE * (most - least)) / HEIGHT);
  const domain = [least, Math.max(most, max(labels, ({ place }) => place)! + MARGIN)];
  const widest = max(standings, ({ cost }) => cost)!;
  const x: X = {
    field: 'cost',
    type: 'quantitative',
    title: 'Gradients computed of each training image',
    // Room on the right for the labels.
    scale: { domain: [0, widest * (width > 500 ? 1.3 : 1.7)], nice: false },
    axis: { grid: false, tickCount: width / 90 },
  };
  const y = {
    field: 'accuracy',
    type: 'quantitative',
    title,
    scale: { domain, nice: false },
    axis: { format: '.4~g' },
  } as const;
  const color = {
    condition: { test: 'datum.best', value: 'var(--series-1)' },
    value: 'var(--muted)',
  };
  return {
    config,
    width,
    height: HEIGHT,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 2,
    data: { values: standings },
    layer: [
      {
        transform: [{ filter: 'datum.best' }],
        mark: { type: 'line', interpolate: 'step-after', color: 'var(--series-1)', strokeWidth: 1, strokeDash: [3, 3] },
        encoding: { x, y, order: { field: 'cost' } },
      },
      {
        mark: { type: 'rule', strokeWidth: 1.5 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: { x, y, color, shape: { condition: { test: 'datum.far', value: 'triangle-down' }, value: 'circle' } },
      },
      {
        data: { values: labels },
        mark: { type: 'text', align: 'left', dx: 8, dy: -8, baseline: 'middle', color: 'var(--ink)', fontSize: 12 },
        encoding: { x, y: { ...y, field: 'place' }, text: { field: 'label' } },
      },
    ],
  };
}

function standingsOf(runs: readonly RunSummary[]): Standing[] {
  const points = seriesOf(runs).flatMap(({ label, runs: members }) => {
    const found = interval(members.flatMap(({ testAccuracy }) => (testAccuracy === null ? [] : [100 * testAccuracy])));
    if (found === undefined) return [];
    const cost = mean(members, (run) => (run.gradientEvaluations * run.batchSize) / run.trainImages)!;
    const error = found.standardError ?? 0;
    return [{ series: label, cost, accuracy: found.mean, low: found.mean - error, high: found.mean + error }];
  });
  return points.map((point) => ({
    ...point,
    best: !points.some(
      ({ cost, accuracy }) =>
        cost <= point.cost && accuracy >= point.accuracy && (cost < point.cost || accuracy > point.accuracy),
    ),
  }));
}

function atFoot(one: Standing, foot: number): Drawn {
  return {
    ...one,
    accuracy: foot,
    low: foot,
    high: foot,
    label: `${one.series}: ${one.accuracy.toFixed(2)}`,
    far: true,
  };
}

/** Each label beside its point, or as far above the one below as a line is high, where points of a like cost crowd. */
function labelled(standings: readonly Drawn[], line: number): (Drawn & { readonly place: number })[] {
  const placed: (Drawn & { readonly place: number })[] = [];
  for (const standing of [...standings].sort((one, other) => one.accuracy - other.accuracy)) {
    const below = placed.filter(({ cost }) => Math.abs(cost - standing.cost) < 0.2 * standing.cost).at(-1);
    const place = Math.max(standing.accuracy, below === undefined ? -Infinity : below.place + line);
    placed.push({ ...standing, place });
  }
  return placed;
}
