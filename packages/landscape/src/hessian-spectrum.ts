import { differenceLength } from './hessian-product.ts';
import { lanczos } from './lanczos.ts';
import type { Measure } from './measure.ts';
import { type DifferenceOptions, differenceSettings, seed, times } from './options.ts';
import { normalTrees, sizeOf } from './random-trees.ts';
import { scope } from './scope.ts';
import { eigenpairs } from './tridiagonal.ts';

/** Options of {@link hessianSpectrum}. */
export interface HessianSpectrumOptions extends DifferenceOptions {
  /** How many random vectors to begin from; what they find is averaged. Default 4. */
  readonly probes?: number;
  /** m, the iterations from each: two gradients each, and a copy of the weights until the probe's end. Default 30. */
  readonly iterations?: number;
  /** Seed of the draws. Default 0. */
  readonly seed?: number;
}

/** A measure of a few points: the density of eigenvalues as one probe sees it. */
export interface Quadrature {
  /** θ, the Ritz values, in descending order. */
  readonly values: readonly number[];
  /** The weight of each; they sum to 1. */
  readonly weights: readonly number[];
}

/** The spectrum of a Hessian, estimated. */
export interface HessianSpectrum {
  /** n, how many eigenvalues there are. */
  readonly parameters: number;
  /** What each probe saw. */
  readonly probes: readonly Quadrature[];
}

/**
 * The density of the Hessian's eigenvalues by stochastic Lanczos quadrature.
 *
 * (1/n) Σᵢ f(λᵢ) ≈ the mean over probes of Σ_j τ_j f(θ_j), where θ_j are the Ritz values of m iterations from a random
 * vector, and τ_j the squared first elements of their vectors in T: exact for polynomials of degree up to 2m − 1, but for
 * the draw of the vectors. {@link spectralDensity} makes a curve of it.
 *
 * @throws RangeError for options that make no sense; from the measure, where there are no weights
 * @throws NonFiniteError from the measure, when a product with the Hessian is not finite
 * @example
 * ```ts
 * const { axis, density } = spectralDensity(measure(hessianSpectrum({ probes: 10 }), landscape));
 * ```
 * @see Golub, Welsch, "Calculation of Gauss quadrature rules" (1969); Ghorbani, Krishnan, Xiao, "An Investigation into
 * Neural Net Optimization via Hessian Eigenvalue Density" (ICML 2019), algorithm 1
 */
export function hessianSpectrum(options: HessianSpectrumOptions = {}): Measure<HessianSpectrum> {
  const owner = 'hessianSpectrum';
  const known = { probes: times(4), iterations: times(30), seed };
  const { probes, iterations, seed: from, h } = differenceSettings(owner, options, known);
  return function* ({ math, weights: w }) {
    const parameters = sizeOf(owner, math, w);
    const iteration = { owner, iterations: Math.min(iterations, parameters), draw: normalTrees(from) };
    const r = yield* differenceLength(math, w, h);
    const seen: Quadrature[] = [];
    for (let i = 0; i < probes; i++) {
      const found = yield* scope(math, (math) => lanczos(math, w, { ...iteration, r }));
      const pairs = eigenpairs(found);
      seen.push({ values: pairs.map(({ value }) => value), weights: pairs.map(({ vector }) => vector[0]! ** 2) });
    }
    return { parameters, probes: seen };
  };
}
