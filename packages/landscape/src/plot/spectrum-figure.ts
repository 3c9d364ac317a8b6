import { checkNumber } from '@flatmin/core';
import { extent, max, min } from 'd3-array';
import type { SpectralDensity } from '../spectral-density.ts';
import { axesOf, BELOW, besides, gridOf, type Plot, toPixels } from './axes.ts';
import { cutLine } from './cut-line.ts';
import { type FigureOptions, frameOf, svgOf } from './figure.ts';
import type { Look } from './look.ts';
import { notes } from './notes.ts';
import { checkAxis } from './panels.ts';
import { openPath, type Point } from './paths.ts';
import { linearScale, logScale, rounded, type Scale, symlogScale } from './scales.ts';
import { checkSeries, legendOf, markOf, strokeOf } from './series.ts';
import { element, group, type Markup } from './svg.ts';

/** A spectrum, and what it is called. */
export interface SpectrumSeries {
  /** What the legend calls it. */
  readonly title: string;
  /** What `spectralDensity` makes. */
  readonly density: SpectralDensity;
  /** The largest eigenvalues, to be marked; as `hessianEigenvalues` measures them. */
  readonly eigenvalues?: readonly number[];
}

/** Options of {@link spectrumFigure}. */
export interface SpectrumFigureOptions extends FigureOptions {
  /** The axis of the eigenvalues; `symlog` is linear around zero and logarithmic beyond. Default `linear`. */
  readonly scale?: 'linear' | 'symlog';
  /** Up to which eigenvalue a `symlog` axis is linear. Default: a hundredth of the largest, down to a power of ten. */
  readonly linearWithin?: number;
  /** The density at which the axis begins. Default: a tenth of the lowest peak's, and of the highest at least 10⁻¹⁰. */
  readonly floor?: number;
}

/**
 * Densities of the Hessian's eigenvalues on a logarithmic axis, up to six in one figure, with the largest eigenvalues
 * marked below it. Densities are comparable if they were made with one `width`.
 *
 * @returns an SVG element
 * @throws RangeError for options that make no sense, and for more than six series
 * @example
 * ```ts
 * const density = spectralDensity(measure(hessianSpectrum(), landscape));
 * const eigenvalues = measure(hessianEigenvalues({ count: 5 }), landscape).eigenvalues.map(({ value }) => value);
 * const svg = spectrumFigure([{ title: 'SGD', density, eigenvalues }]);
 * ```
 * @see Ghorbani, Krishnan, Xiao, "An Investigation into Neural Net Optimization via Hessian Eigenvalue Density"
 * (ICML 2019)
 */
export function spectrumFigure(series: readonly SpectrumSeries[], options: SpectrumFigureOptions = {}): string {
  const owner = 'spectrumFigure';
  const frame = frameOf(owner, 'Spectrum of the Hessian', options, ['scale', 'linearWithin', 'floor']);
  checkSeries(owner, series);
  for (const one of series) checkSpectrum(owner, one);
  const { width, look } = frame;
  const marked = series.flatMap(({ eigenvalues = [] }, index) =>
    eigenvalues.length === 0 ? [] : [{ eigenvalues, index }],
  );
  const y = densityAxis(owner, series, options);
  const left = besides(y);
  const legend = legendOf(series.map(named), { left, width: width - left, look });
  const plot: Plot = {
    left,
    top: legend.height + 8,
    width: width - left - 12,
    height: Math.min(300, 0.7 * width),
    x: eigenvalueAxis(owner, series, options, width / 80),
    y,
    foot: marked.length === 0 ? 0 : LANE * marked.length + 8,
  };
  const middleOf = (lane: number): number => plot.top + plot.height + 8 + LANE * (lane + 0.5);
  const bottom = plot.top + plot.height + plot.foot! + BELOW + 6;
  const sentence = marked.length === 0 ? undefined : 'Marks below the curves: the largest eigenvalues.';
  const below = notes([sentence], { top: bottom, width, look });
  return svgOf(frame, bottom + below.height, descriptionOf(series), [
    ...legend.markup,
    gridOf(plot, look),
    ...axesOf(plot, ['Eigenvalue λ of the Hessian', 'Density of eigenvalues'], look),
    ...series.map(({ density }, index) => curveOf(density, index, plot, look)),
    ...marked.map(({ eigenvalues, index }, lane) => laneOf(eigenvalues, index, middleOf(lane), plot, look)),
    ...below.markup,
  ]);
}

// How high the row of one series' eigenvalues is.
const LANE = 18;

function checkSpectrum(owner: string, { title, density: { axis, density }, eigenvalues = [] }: SpectrumSeries): void {
  checkAxis(owner, title, axis);
  if (density.length !== axis.length)
    throw new RangeError(
      `${owner}: the density of "${title}" has ${density.length} numbers at ${axis.length} eigenvalues; give one for each.`,
    );
  for (const value of density) checkNumber(owner, `a density of "${title}"`, value, { min: 0 });
  if (!density.some((value) => value > 0))
    throw new RangeError(`${owner}: the density of "${title}" is 0 everywhere; give that of spectralDensity.`);
  for (const value of eigenvalues) checkNumber(owner, `an eigenvalue of "${title}"`, value);
}

function eigenvalueAxis(
  owner: string,
  series: readonly SpectrumSeries[],
  { scale = 'linear', linearWithin }: SpectrumFigureOptions,
  count: number,
): Scale {
  const all = series.flatMap(({ density: { axis }, eigenvalues = [] }) => [axis[0]!, axis.at(-1)!, ...eigenvalues]);
  const domain = extent(all) as [number, number];
  if (linearWithin !== undefined) checkNumber(owner, 'linearWithin', linearWithin, { above: 0 });
  if (scale === 'linear') return linearScale(domain, count);
  if (scale !== 'symlog')
    throw new RangeError(`${owner}: scale is ${JSON.stringify(scale)}; give 'linear' or 'symlog'.`);
  const largest = Math.max(-domain[0], domain[1]);
  return symlogScale(domain, linearWithin ?? 10 ** Math.floor(Math.log10(largest / 100)));
}

function densityAxis(owner: string, series: readonly SpectrumSeries[], { floor }: SpectrumFigureOptions): Scale {
  const all = series.flatMap(({ density: { density } }) => density);
  const peaks = series.flatMap(({ density: { density } }) =>
    density.filter((value, i) => isPeak(density, i) && value > 0),
  );
  const [highest, lowest] = [max(all)!, min(peaks)!];
  const from = floor ?? Math.max(lowest / 10, highest * 1e-10);
  checkNumber(owner, 'floor', from, { above: 0, below: highest });
  return logScale([from, highest * 1.5], 6);
}

const isPeak = (density: readonly number[], i: number): boolean =>
  density[i]! >= (density[i - 1] ?? 0) && density[i]! >= (density[i + 1] ?? 0);

// Below the floor a curve is not drawn. In parts of the axis, where a density of 0 is infinitely low.
function curveOf({ axis, density }: SpectralDensity, index: number, plot: Plot, look: Look): Markup {
  const upsideDown = axis.map((a, i): Point => [a, density[i]! > 0 ? -plot.y.part(density[i]!) : Infinity]);
  const at = toPixels({ ...plot, y: { ...plot.y, part: (part) => -part } });
  const d = cutLine(upsideDown, 0).map((piece) => openPath(piece.map(at)));
  return element('path', { class: 'flatmin-line', ...strokeOf(index, look), d: d.join('') });
}

// The eigenvalues of one series in a row of their own.
function laneOf(
  eigenvalues: readonly number[],
  index: number,
  y: number,
  { left, width, x }: Plot,
  look: Look,
): Markup {
  const lane: Point[] = [
    [left, y],
    [left + width, y],
  ];
  return group({}, [
    element('path', { d: openPath(lane), stroke: look.rule, fill: 'none' }),
    ...eigenvalues.map((value) => markOf(index, [left + width * x.part(value), y], look)),
  ]);
}

function named({ title, eigenvalues = [] }: SpectrumSeries): string {
  return eigenvalues.length === 0 ? title : `${title}: λ₁ = ${rounded(Math.max(...eigenvalues))}`;
}

const descriptionOf = (series: readonly SpectrumSeries[]): string =>
  `Densities of the Hessian's eigenvalues on a logarithmic axis, of ${series.map(named).join('; ')}.`;
