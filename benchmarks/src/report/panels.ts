import { max, min } from 'd3-array';
import type { TopLevelSpec } from 'vega-lite';
import type { MetricsLine } from '../results.ts';
import { accuracyAxis, epochAxis, lossAxis, stepAxis, type X, type Y } from './axes.ts';
import type { FigureOptions } from './curves.ts';
import { outerFence } from './fence.ts';
import { config } from './look.ts';
import { accuracies, losses, meanAndBand, meanAndPositiveBand, type Point, smoothed } from './measurements.ts';

/** What a figure of panels needs to know besides its data. */
export interface PanelOptions extends FigureOptions {
  /** The series that stands in every panel, pale, to compare with. */
  readonly baseline: string;
}

/** A panel is narrow: more points of a curve would not be seen. */
const DRAWN_POINTS = 100;

/** In CSS pixels; panels are widened to fill the figure. */
const PANEL = { width: 110, height: 90, gap: 18 } as const;

/** Room for the labels of the vertical axis, in CSS pixels. */
const MARGIN = 44;

/** Accuracy in percent against the epoch, a panel for every series; what is far below the rest is cut off. */
export function accuracyPanels(metrics: readonly MetricsLine[], title: string, options: PanelOptions): TopLevelSpec {
  const points = accuracies(metrics, options.labels);
  const fence = outerFence(points.map(({ accuracy }) => accuracy));
  const [least, most] = [min, max].map(
    (of) => of(points, ({ accuracy }) => (accuracy < fence ? undefined : accuracy))!,
  );
  return panels(options, {
    title,
    x: epochAxis,
    y: { ...accuracyAxis(null), scale: { domain: [least!, most!] } },
    dots: true,
    values: inPanels(points, options),
    transform: meanAndBand('accuracy', ['panel', 'series', 'epoch']),
  });
}

/** The centred moving mean of the loss against the step on a logarithmic axis, a panel for every series. */
export function lossPanels(metrics: readonly MetricsLine[], title: string, options: PanelOptions): TopLevelSpec {
  return panels(options, {
    title,
    x: stepAxis(2 * PANEL.width),
    y: { ...lossAxis(null), field: 'smooth' },
    dots: false,
    values: inPanels(losses(metrics, options.labels), options),
    transform: [
      ...smoothed(metrics, ['panel', 'run'], DRAWN_POINTS),
      ...meanAndPositiveBand('smooth', ['panel', 'series', 'step']),
    ],
  });
}

/** Each series' own points in its panel, and the baseline's in all. */
function inPanels<P extends Point>(points: readonly P[], { labels, baseline }: PanelOptions) {
  return [...new Set(labels)].flatMap((panel) =>
    points.filter(({ series }) => series === panel || series === baseline).map((point) => ({ ...point, panel })),
  );
}

/** What every panel draws. */
interface Content {
  /** Of the vertical axes; it stands once, above all panels. */
  readonly title: string;
  readonly x: X;
  readonly y: Y;
  /** Whether each value has a dot. */
  readonly dots: boolean;
  readonly values: object[];
  readonly transform: NonNullable<TopLevelSpec['transform']>;
}

function panels({ labels, width, baseline }: PanelOptions, content: Content): TopLevelSpec {
  const { title, x, y, dots, values, transform } = content;
  const columns = Math.floor((width - MARGIN + PANEL.gap) / (PANEL.width + PANEL.gap));
  const line = (filter: string, color: string) => ({
    transform: [{ filter }],
    layer: [
      {
        mark: { type: 'area' as const, color, opacity: 0.18, clip: true },
        encoding: { y: { field: 'low' }, y2: { field: 'high' } },
      },
      { mark: { type: 'line' as const, color, strokeWidth: 1.75, clip: true, point: dots && { color, size: 14 } } },
    ],
  });
  return {
    config,
    padding: 2,
    title,
    data: { values },
    transform,
    facet: { field: 'panel', type: 'nominal', title: null, sort: [...new Set(labels)] },
    columns,
    spacing: PANEL.gap,
    spec: {
      width: (width - MARGIN + PANEL.gap) / columns - PANEL.gap,
      height: PANEL.height,
      encoding: { x, y },
      layer: [
        line(`datum.series === ${JSON.stringify(baseline)}`, 'var(--muted)'),
        line(`datum.series !== ${JSON.stringify(baseline)}`, 'var(--series-1)'),
      ],
    },
  };
}
