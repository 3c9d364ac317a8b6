import { max, rollup } from 'd3-array';
import type { TopLevelSpec } from 'vega-lite';
import type { MetricsLine } from '../results.ts';
import { colors, config, dashes, shapes } from './look.ts';

/** What a figure needs to know besides its data. */
export interface FigureOptions {
  /** The series of each run, by its position in the summary. */
  readonly labels: readonly string[];
  /** In CSS pixels, axes and legend included. */
  readonly width: number;
}

/** At most so many points of a loss curve are drawn; more would only fatten the page. */
const drawnPoints = 500;

/** Accuracy in percent against the epoch: a line and a point shape for every series, a line for every run. */
export function accuracyCurves(metrics: readonly MetricsLine[], title: string, options: FigureOptions): TopLevelSpec {
  const values = metrics.flatMap((line) =>
    line.kind === 'epoch'
      ? [{ run: line.run, series: options.labels[line.run], epoch: line.epoch, accuracy: 100 * line.testAccuracy }]
      : [],
  );
  const { color, dash, shape } = seriesChannels(options, { symbolStrokeWidth: 0 });
  return {
    ...frame(options, 320),
    data: { values },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: 'Epoch',
        scale: { zero: false },
        axis: { tickMinStep: 1, format: 'd', grid: false },
      },
      y: { field: 'accuracy', type: 'quantitative', title, scale: { zero: false }, axis: { format: '.4~g' } },
      color,
      detail: { field: 'run' },
    },
    layer: [
      { mark: { type: 'line', strokeWidth: 2 }, encoding: { strokeDash: dash } },
      { mark: { type: 'point', filled: true, size: 55, opacity: 1 }, encoding: { shape } },
    ],
  };
}

/** The loss of every batch against the step, light, and its centred moving mean, strong, on a logarithmic axis. */
export function lossCurves(metrics: readonly MetricsLine[], title: string, options: FigureOptions): TopLevelSpec {
  const values = metrics.flatMap((line) =>
    line.kind === 'step' ? [{ run: line.run, series: options.labels[line.run], step: line.step, loss: line.loss }] : [],
  );
  const { color, dash } = seriesChannels(options, {
    symbolType: 'stroke',
    symbolSize: 500,
    symbolStrokeWidth: 2.25,
    symbolOpacity: 1,
  });
  const half = (smoothingWindow(metrics) - 1) / 2;
  const thinning = Math.max(1, Math.ceil(longestCurve(metrics) / drawnPoints));
  return {
    ...frame(options, 360),
    data: { values },
    transform: [
      // A batch that the network fits exactly, or one that diverged, has no logarithm.
      { filter: 'isFinite(datum.loss) && datum.loss > 0' },
      {
        window: [
          { op: 'mean', field: 'loss', as: 'smooth' },
          { op: 'row_number', as: 'row' },
        ],
        sort: [{ field: 'step' }],
        groupby: ['run'],
        frame: [-half, half],
      },
      { filter: `datum.row % ${thinning} === 0` },
    ],
    encoding: {
      x: {
        field: 'step',
        type: 'quantitative',
        title: 'Step',
        scale: { nice: false },
        axis: { grid: false, tickMinStep: 1, format: ',d', tickCount: options.width / 100 },
      },
      y: {
        type: 'quantitative',
        title,
        scale: { type: 'log', nice: false },
        axis: {
          tickCount: 4,
          format: '~g',
          gridOpacity: { condition: { test: "datum.label === ''", value: 0.4 }, value: 1 },
        },
      },
      color,
      detail: { field: 'run' },
    },
    layer: [
      { mark: { type: 'line', strokeWidth: 0.75, opacity: 0.25 }, encoding: { y: { field: 'loss' } } },
      { mark: { type: 'line', strokeWidth: 2.25 }, encoding: { y: { field: 'smooth' }, strokeDash: dash } },
    ],
  };
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

function frame({ width }: FigureOptions, height: number) {
  return {
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    padding: { top: 2, bottom: 2, left: 2, right: 14 },
    config,
  } as const;
}

/** Colour, dash and point shape of each series: the same in every figure, also where another series has no data. */
function seriesChannels({ labels, width }: FigureOptions, symbols: Record<string, unknown>) {
  const domain = [...new Set(labels)];
  const legend = { ...symbols, columns: Math.max(1, Math.floor(width / 170)) };
  const channel = <T>(range: T) => ({ field: 'series', type: 'nominal', scale: { domain, range }, legend }) as const;
  return { color: channel(colors), dash: channel(dashes), shape: channel(shapes) };
}
