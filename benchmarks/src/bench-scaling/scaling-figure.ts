import type { TopLevelSpec } from 'vega-lite';
import type { ScalingRow } from './bench-scaling.ts';
import { fittedLaw, type Law, lawAt } from './law.ts';
import type { Scale } from './scales.ts';

/** The steps of one engine and optimizer along a scale, and their law. */
export interface Series {
  /** `SAM on wasm` */
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly ms: number }[];
  readonly law: Law;
}

/** All series of a scale. */
export function seriesOf({ name, terms }: Pick<Scale, 'name' | 'terms'>, rows: readonly ScalingRow[]): Series[] {
  const labels = new Map<string, ScalingRow[]>();
  for (const row of rows.filter(({ scale }) => scale === name)) {
    // The engine of workers is named after how many they are.
    const engine = row.engine.replace(/-\d+$/, '');
    const label = `${row.optimizer === 'plain' ? 'plain' : row.optimizer.toUpperCase()} on ${engine}`;
    labels.set(label, [...(labels.get(label) ?? []), row]);
  }
  return Array.from(labels, ([label, members]) => {
    const points = members.map(({ x, medianMs }) => ({ x, ms: medianMs }));
    return { label, points, law: fittedLaw(points, terms) };
  });
}

/** Okabe and Ito's, which the colour-blind tell apart: of each engine plain steps light and SAM's dark. */
const COLORS = ['#56b4e9', '#0072b2', '#e69f00', '#d55e00'];

/** Times along a scale, on logarithmic axes; points are measured, lines are the laws. */
export function scalingFigure(scale: Scale, series: readonly Series[]): TopLevelSpec {
  const lines = series.flatMap(({ label, points, law }) => {
    const [from, to] = [points[0]!.x, points.at(-1)!.x];
    return Array.from({ length: 61 }, (_, k) => from * (to / from) ** (k / 60)).map((x) => ({
      label,
      x,
      ms: lawAt(law, scale.terms, x),
    }));
  });
  const measured = series.flatMap(({ label, points }) => points.map((point) => ({ label, ...point })));
  const ticks = [...new Set(measured.map(({ x }) => x))];
  const encoding = {
    x: {
      field: 'x',
      type: 'quantitative',
      title: scale.title,
      scale: { type: 'log', nice: false, padding: 16 },
      axis: { values: ticks, grid: false, format: ',d' },
    },
    y: {
      field: 'ms',
      type: 'quantitative',
      title: 'milliseconds a step',
      scale: { type: 'log' },
      axis: { format: '~s', tickCount: 6 },
    },
    color: {
      field: 'label',
      type: 'nominal',
      scale: { domain: series.map(({ label }) => label), range: COLORS },
      legend: { orient: 'top', title: null, columns: 2 },
    },
  } as const;
  return {
    width: 520,
    height: 320,
    background: '#ffffff',
    padding: 12,
    config: {
      font: 'system-ui, sans-serif',
      view: { stroke: null },
      axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#eeeeee' },
      legend: { labelFontSize: 12, labelLimit: 260, symbolOpacity: 1 },
    },
    layer: [
      {
        data: { values: lines.filter(({ ms }) => ms > 0) },
        mark: { type: 'line', strokeWidth: 1.5, opacity: 0.7 },
        encoding,
      },
      { data: { values: measured }, mark: { type: 'point', filled: true, size: 60, opacity: 1 }, encoding },
    ],
  };
}
