import { checkKeys, checkNumber } from '@flatmin/core';
import type { HessianSpectrum } from './hessian-spectrum.ts';

/** Options of {@link spectralDensity}. */
export interface SpectralDensityOptions {
  /**
   * How many points the curve has, at most a width apart. Default 401, or more where the width is narrow: three to each
   * width, up to 100,001 in all.
   */
  readonly points?: number;
  /**
   * σ, the width of the bell that stands for each Ritz value. Default: a hundredth of the distance of the extremes. Curves
   * to be compared need one and the same: with a wider bell any spectrum looks wider.
   */
  readonly width?: number;
}

/** A density over eigenvalues, as a curve. */
export interface SpectralDensity {
  /** λ, evenly spaced, from 4σ below the smallest Ritz value to 4σ above the largest. */
  readonly axis: readonly number[];
  /** The density at each; its integral is 1, but for the 1e-4 of a bell that is farther than 4σ from its middle. */
  readonly density: readonly number[];
}

/**
 * The curve of a spectrum, to be drawn: a bell of width σ for each Ritz value, as high as its weight, averaged over
 * probes.
 *
 * φ(λ) = mean over probes of Σ_j τ_j exp(−(λ − θ_j)²/2σ²)/(σ√2π)
 *
 * @throws RangeError for options that make no sense, for points that are farther apart than a bell is wide, and where there
 * are no probes
 * @example
 * ```ts
 * const { axis, density } = spectralDensity(measure(hessianSpectrum(), landscape), { width: 0.1 });
 * ```
 */
export function spectralDensity({ probes }: HessianSpectrum, options: SpectralDensityOptions = {}): SpectralDensity {
  checkKeys('spectralDensity', options, ['points', 'width']);
  const values = probes.flatMap((probe) => probe.values);
  if (values.length === 0)
    throw new RangeError('spectralDensity: the spectrum has no Ritz values; give one that hessianSpectrum measured.');
  const [smallest, largest] = [Math.min(...values), Math.max(...values)];
  const { width = widthFor(smallest, largest) } = options;
  checkNumber('spectralDensity', 'width', width, { above: 0 });
  const [from, to] = [smallest - 4 * width, largest + 4 * width];
  const { points = Math.min(Math.max(401, Math.ceil((3 * (to - from)) / width) + 1), MOST) } = options;
  checkNumber('spectralDensity', 'points', points, { min: 2, integer: true });
  checkSpacing(width, points, to - from);
  const axis = Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const bell = (x: number): number => Math.exp(-((x / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI));
  const at = (lambda: number): number =>
    probes.reduce(
      (sum, { values, weights }) => sum + values.reduce((one, theta, j) => one + weights[j]! * bell(lambda - theta), 0),
      0,
    ) / probes.length;
  return { axis, density: axis.map(at) };
}

// Where all eigenvalues are the same, but for rounding, there is no distance; any width shows them.
function widthFor(smallest: number, largest: number): number {
  const size = Math.max(-smallest, largest);
  return largest - smallest > 1e-9 * size ? (largest - smallest) / 100 : size / 100 || 1;
}

// By default a curve has no more points than this.
const MOST = 100_001;

// A bell between two points that are far apart would be lost; up to one width the sum over points is the integral.
function checkSpacing(width: number, points: number, length: number): void {
  const apart = length / (points - 1);
  if (apart <= width) return;
  throw new RangeError(
    `spectralDensity: width is ${width}, and ${points} points are ${Number(apart.toPrecision(3))} apart; give ${Math.ceil(length / width) + 1} points or a larger width.`,
  );
}
