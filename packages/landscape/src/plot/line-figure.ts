import { axesOf, BELOW, besides, gridOf, type Plot, toPixels } from './axes.ts';
import { cutLine } from './cut-line.ts';
import { type FigureOptions, frameOf, svgOf } from './figure.ts';
import type { Look } from './look.ts';
import { type LossAxis, type LossOptions, lossAxis, lossKeys } from './losses.ts';
import { notes } from './notes.ts';
import { checkAxis, rangeOf } from './panels.ts';
import { openPath, type Point } from './paths.ts';
import { linearScale, rounded } from './scales.ts';
import { checkSeries, legendOf, markOf, strokeOf } from './series.ts';
import { element, group, type Markup } from './svg.ts';

/** The loss on a line, and what it is called. */
export interface LineSeries {
  /** What the legend calls it. */
  readonly title: string;
  /** Where along the direction; as `surface1d` measures it. */
  readonly axis: readonly number[];
  /** The loss at each. */
  readonly losses: readonly number[];
}

/** Options of {@link lineFigure}. */
export interface LineFigureOptions extends FigureOptions, LossOptions {
  /** What the direction is called. Default `Along the direction`. */
  readonly direction?: string;
  /** In what its lengths are, for the line below the figure. Default: nothing is said. */
  readonly unit?: string;
}

/**
 * The loss on lines through the weights, up to six in one figure, told apart by colour, dashes and marks.
 *
 * @returns an SVG element
 * @throws RangeError for options that make no sense, for more than six series, and for losses that are not finite without
 * `clip`
 * @example
 * ```ts
 * const svg = lineFigure([{ title: 'SGD', ...sharp }, { title: 'SAM', ...wide }], { scale: 'log' });
 * ```
 */
export function lineFigure(series: readonly LineSeries[], options: LineFigureOptions = {}): string {
  const owner = 'lineFigure';
  const frame = frameOf(owner, 'The loss on a line', options, [...lossKeys, 'direction', 'unit']);
  checkSeries(owner, series);
  for (const { title, axis, losses } of series) {
    checkAxis(owner, title, axis);
    if (losses.length !== axis.length)
      throw new RangeError(
        `${owner}: "${title}" has ${losses.length} losses at ${axis.length} points; give one for each.`,
      );
  }
  const { width, look } = frame;
  const y = lossAxis(
    owner,
    series.flatMap(({ losses }) => losses),
    options,
  );
  const x = linearScale(rangeOf(series), width / 80);
  const left = besides(y);
  const legend = legendOf(
    series.map(({ title }) => title),
    { left, width: width - left, look },
  );
  const plot: Plot = {
    left,
    top: legend.height + 8,
    width: width - left - 12,
    height: Math.min(320, 0.75 * width),
    x,
    y,
  };
  const bottom = plot.top + plot.height + BELOW;
  const below = notes(
    [
      y.cut === undefined ? undefined : `Cut at a loss of ${rounded(y.cut)}.`,
      options.unit === undefined ? undefined : `The direction in ${options.unit}.`,
    ],
    { top: bottom + 6, width, look },
  );
  const lines = series.map((one, index) => lineOf(one, index, { plot, loss: y, look }));
  const description = `The loss along a direction, of ${series.map(({ title }) => title).join(', ')}.`;
  return svgOf(frame, bottom + 6 + below.height, description, [
    ...legend.markup,
    gridOf(plot, look),
    ...axesOf(plot, [options.direction ?? 'Along the direction', y.title], look),
    ...lines,
    ...below.markup,
  ]);
}

/** About so many marks has a line. */
const MARKS = 7;

function lineOf(
  { axis, losses }: LineSeries,
  index: number,
  { plot, loss, look }: { readonly plot: Plot; readonly loss: LossAxis; readonly look: Look },
): Markup {
  // In parts of the axis, so that on a logarithmic one as well a line is straight between its points.
  const parts = axis.map((a, i): Point => [a, Number.isFinite(losses[i]) ? loss.part(losses[i]!) : Infinity]);
  const at = toPixels({ ...plot, y: { ...loss, part: (part) => part } });
  const pieces = cutLine(parts, 1).map((piece) => openPath(piece.map(at)));
  const every = Math.max(1, Math.round(axis.length / MARKS));
  // Marks of several series stand at different places, so that none hides another.
  const marked = parts.filter(
    ([, part], i) => part <= 1 && i % every === Math.round(((index + 0.5) / 6) * every) % every,
  );
  return group({}, [
    element('path', { class: 'flatmin-line', ...strokeOf(index, look), d: pieces.join('') }),
    ...marked.map((point) => markOf(index, at(point), look)),
  ]);
}
