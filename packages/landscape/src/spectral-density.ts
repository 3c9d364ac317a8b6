import { checkKeys, checkNumber } from '@flatmin/core';
import type { HessianSpectrum } from './hessian-spectrum.ts';

/** Options of {@link spectralDensity}. */
export interface SpectralDensityOptions {
  /** How many points the curve has. Default 401. */
  readonly points?: number;
  /** σ, the width of the bell that stands for each Ritz value. Default: a hundredth of the distance of the extremes. */
  readonly width?: number;
}

/** A density over eigenvalues, as a curve. */
export interface SpectralDensity {
  /** λ, evenly spaced, from 4σ below the smallest Ritz value to 4σ above the largest. */
  readonly axis: readonly number[];
  /** The density at each; its integral is 1. */
  readonly density: readonly number[];
}

/**
 * The curve of a spectrum, to be drawn: a bell of width σ for each Ritz value, as high as its weight, averaged over
 * probes.
 *
 * φ(λ) = mean over probes of Σ_j τ_j exp(−(λ − θ_j)²/2σ²)/(σ√2π)
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * const { axis, density } = spectralDensity(measure(hessianSpectrum(), landscape), { width: 0.1 });
 * ```
 */
export function spectralDensity({ probes }: HessianSpectrum, options: SpectralDensityOptions = {}): SpectralDensity {
  checkKeys('spectralDensity', options, ['points', 'width']);
  const values = probes.flatMap((probe) => probe.values);
  const [smallest, largest] = [Math.min(...values), Math.max(...values)];
  // Where all eigenvalues are the same there is no distance; any width shows it.
  const { points = 401, width = (largest - smallest) / 100 || Math.abs(largest) / 100 || 1 } = options;
  checkNumber('spectralDensity', 'points', points, { min: 2, integer: true });
  checkNumber('spectralDensity', 'width', width, { above: 0 });
  const [from, to] = [smallest - 4 * width, largest + 4 * width];
  const axis = Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const bell = (x: number): number => Math.exp(-((x / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI));
  const at = (lambda: number): number =>
    probes.reduce(
      (sum, { values, weights }) => sum + values.reduce((one, theta, j) => one + weights[j]! * bell(lambda - theta), 0),
      0,
    ) / probes.length;
  return { axis, density: axis.map(at) };
}
