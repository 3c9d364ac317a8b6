import type { TopLevelSpec } from 'vega-lite';
import type { MetricsLine } from '../results.ts';
import { accuracyAxis, epochAxis, lossAxis, stepAxis } from './axes.ts';
import { colors, config, dashes, shapes } from './look.ts';
import { accuracies, hasSeveralRuns, losses, meanAndBand, meanAndPositiveBand, smoothed } from './measurements.ts';

/** What a figure needs to know besides its data. */
export interface FigureOptions {
  /** The series of each run, by its position in the summary. */
  readonly labels: readonly string[];
  /** In CSS pixels, axes and legend included. */
  readonly width: number;
}

/** At most so many points of a loss curve are drawn; more would only fatten the page. */
const DRAWN_POINTS = 500;

/** Accuracy in percent against the epoch: of every series the mean of its runs, and a band of one deviation around it. */
export function accuracyCurves(metrics: readonly MetricsLine[], title: string, options: FigureOptions): TopLevelSpec {
  const { color, dash, shape } = seriesChannels(options, { symbolStrokeWidth: 0, symbolOpacity: 1 });
  return {
    ...frame(options, 320),
    data: { values: accuracies(metrics, options.labels) },
    transform: meanAndBand('accuracy', ['series', 'epoch']),
    encoding: { x: epochAxis, y: accuracyAxis(title), color },
    layer: [
      band,
      { mark: { type: 'line', strokeWidth: 2 }, encoding: { strokeDash: dash } },
      {
        transform: [{ filter: `datum.epoch % ${dotEvery(metrics)} === 0` }],
        mark: { type: 'point', filled: true, size: 55, opacity: 1 },
        encoding: { shape },
      },
    ],
  };
}

/**
 * The loss of every batch against the step, light, and its centred moving mean, strong, on a logarithmic axis. Of series
 * with several runs their mean, and a band of one deviation around it in place of the batches.
 */
export function lossCurves(metrics: readonly MetricsLine[], title: string, options: FigureOptions): TopLevelSpec {
  const { color, dash } = seriesChannels(options, {
    symbolType: 'stroke',
    symbolSize: 500,
    symbolStrokeWidth: 2.25,
    symbolOpacity: 1,
  });
  const several = hasSeveralRuns(options.labels);
  return {
    ...frame(options, 360),
    data: { values: losses(metrics, options.labels) },
    transform: smoothed(metrics, ['run'], DRAWN_POINTS),
    encoding: { x: stepAxis(options.width), y: lossAxis(title), color },
    layer: [
      several
        ? { ...band, transform: meanAndPositiveBand('smooth', ['series', 'step']) }
        : {
            mark: { type: 'line', strokeWidth: 0.75, opacity: 0.25 },
            encoding: { y: { field: 'loss' }, detail: { field: 'run' } },
          },
      {
        transform: meanAndPositiveBand('smooth', ['series', 'step']),
        mark: { type: 'line', strokeWidth: 2.25 },
        encoding: { y: { field: 'smooth' }, strokeDash: dash },
      },
    ],
  };
}

/** Between one deviation below the mean and one above, where there is more than one run. */
const band = {
  mark: { type: 'area', opacity: 0.18 },
  encoding: { y: { field: 'low' }, y2: { field: 'high' } },
} as const;

/** Of many epochs not each has a dot. */
function dotEvery(metrics: readonly MetricsLine[]): number {
  return Math.ceil(metrics.reduce((most, line) => (line.kind === 'epoch' ? Math.max(most, line.epoch) : most), 1) / 25);
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
