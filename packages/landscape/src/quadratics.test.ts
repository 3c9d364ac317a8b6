import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { across, dot, normOf, plus } from '../../core/src/testing/numbers.ts';
import { times } from '../../core/src/testing/problems.ts';
import { adaptiveSharpness } from './adaptive-sharpness.ts';
import { hessianEigenvalues } from './hessian-eigenvalues.ts';
import { hessianSpectrum } from './hessian-spectrum.ts';
import { hessianTrace } from './hessian-trace.ts';
import { secondOrderTerm } from './second-order-term.ts';
import { sharpness } from './sharpness.ts';
import { backends, differences, f64 } from './testing/backends.ts';
import { measured } from './testing/bench-of.ts';
import { between, bowl, convex, ofLength, size, someWeights, spectral } from './testing/quadratics.ts';

const radii = between(0.01, 1);
// Where the gradient is mostly rounding, so is the direction of the ascent.
const steep = (matrix: readonly (readonly number[])[], w: readonly number[]): void =>
  fc.pre(normOf(times(matrix, w)) > 0.1);

/** L(w + ε) − L(w) = gᵀε + ½ εᵀHε */
const rise = (h: readonly (readonly number[])[], w: readonly number[], epsilon: readonly number[]): number =>
  dot(times(h, w), epsilon) + dot(epsilon, times(h, epsilon)) / 2;

describe.each(backends)('on L = ½wᵀHw over $name', (backend) => {
  const [ofProducts, ofLosses] = [differences(backend), 1e5 * backend.rounding];
  const runs = { numRuns: backend === f64 ? 20 : 6 };

  it('sharpness is ρ‖g‖ + ½ρ² ĝᵀHĝ', () => {
    fc.assert(
      fc.property(spectral, someWeights, radii, ({ matrix }, w, rho) => {
        steep(matrix, w);
        const { sharpness: got } = measured(sharpness({ rho }), bowl(backend, matrix, w));
        expect(Math.abs(got - rise(matrix, w, ofLength(rho, times(matrix, w))))).toBeLessThan(ofLosses);
      }),
      runs,
    );
  });

  it('adaptive sharpness is the rise along T²g, T = |w| + η at weights and 1 at biases', () => {
    fc.assert(
      fc.property(spectral, someWeights, radii, ({ matrix }, w, rho) => {
        steep(matrix, w);
        const { sharpness: got } = measured(adaptiveSharpness({ rho, eta: 0.1 }), bowl(backend, matrix, w));
        const t = w.map((x, i) => (i < size - 1 ? Math.abs(x) + 0.1 : 1));
        const scaled = times(matrix, w).map((g, i) => t[i]! * g);
        const epsilon = ofLength(rho, scaled).map((u, i) => t[i]! * u);
        expect(Math.abs(got - rise(matrix, w, epsilon))).toBeLessThan(ofLosses);
      }),
      runs,
    );
  });

  it('all eigenvalues are found, the largest first, multiple ones as often as they are there', () => {
    fc.assert(
      fc.property(spectral, someWeights, ({ matrix, eigenvalues }, w) => {
        const found = measured(hessianEigenvalues({ count: size }), bowl(backend, matrix, w));
        const scale = Math.max(...eigenvalues.map(Math.abs));
        for (const [i, { value }] of found.eigenvalues.entries()) {
          expect(Math.abs(value - eigenvalues[i]!)).toBeLessThan(2 * ofProducts * scale);
        }
        expect(found.smallest.value).toBe(found.eigenvalues.at(-1)!.value);
      }),
      runs,
    );
  });

  it('a few iterations find values that are within their residuals of eigenvalues', () => {
    fc.assert(
      fc.property(spectral, someWeights, ({ matrix, eigenvalues }, w) => {
        const { eigenvalues: found, smallest } = measured(
          hessianEigenvalues({ count: 2, iterations: 3 }),
          bowl(backend, matrix, w),
        );
        for (const { value, residual } of [...found, smallest]) {
          const nearest = Math.min(...eigenvalues.map((lambda) => Math.abs(lambda - value)));
          expect(nearest).toBeLessThan(residual + 3 * ofProducts * Math.max(...eigenvalues.map(Math.abs)));
        }
      }),
      runs,
    );
  });

  it('the spectrum of a probe has weights that sum to 1, at eigenvalues once there is an iteration for each weight', () => {
    fc.assert(
      fc.property(spectral, someWeights, ({ matrix, eigenvalues }, w) => {
        const { parameters, probes } = measured(
          hessianSpectrum({ probes: 3, iterations: 9 }),
          bowl(backend, matrix, w),
        );
        expect(parameters).toBe(size);
        expect(probes).toHaveLength(3);
        const scale = Math.max(...eigenvalues.map(Math.abs));
        for (const { values, weights } of probes) {
          expect(weights.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 10);
          for (const [j, theta] of values.entries()) {
            expect(Math.min(...eigenvalues.map((lambda) => Math.abs(lambda - theta)))).toBeLessThan(
              2 * ofProducts * scale,
            );
            expect(theta).toBeLessThanOrEqual(values[j - 1] ?? Number.POSITIVE_INFINITY);
          }
        }
      }),
      runs,
    );
  });

  it('one probe of signs has the trace of a diagonal Hessian, whatever the signs', () => {
    fc.assert(
      fc.property(someWeights, someWeights, fc.integer(), (diagonal, w, seed) => {
        const matrix = diagonal.map((d, i) => diagonal.map((_, j) => (i === j ? d : 0)));
        const { trace, standardError, samples } = measured(hessianTrace({ probes: 1, seed }), bowl(backend, matrix, w));
        expect(Math.abs(trace - diagonal.reduce((sum, d) => sum + d, 0))).toBeLessThan(20 * ofProducts);
        expect(standardError).toBeNaN();
        expect(samples).toEqual([trace]);
      }),
      runs,
    );
  });

  it('the term that SAM drops is ρ/‖g‖ · H(I − ĝĝᵀ)g̃', () => {
    fc.assert(
      fc.property(convex, someWeights, radii, ({ matrix }, w, rho) => {
        steep(matrix, w);
        const g = times(matrix, w);
        const kept = times(matrix, plus(w, 1, ofLength(rho, g)));
        const term = times(matrix, across(kept, g)).map((x) => (rho / normOf(g)) * x);
        const got = measured(secondOrderTerm({ rho }), bowl(backend, matrix, w));
        const tolerance = 30 * ofProducts * normOf(kept);
        expect(Math.abs(got.gradientNorm - normOf(kept))).toBeLessThan(tolerance);
        expect(Math.abs(got.norm - normOf(term))).toBeLessThan(tolerance);
        expect(Math.abs(got.relative - normOf(term) / normOf(kept))).toBeLessThan(30 * ofProducts);
        if (normOf(term) < 0.01 * normOf(kept)) return; // the angle of what is mostly rounding
        expect(Math.abs(got.cosine - dot(term, kept) / normOf(term) / normOf(kept))).toBeLessThan(3000 * ofProducts);
      }),
      runs,
    );
  });
});

// max gᵀε + ½εᵀHε over ‖ε‖ ≤ ρ for H positive definite: (μI − H)ε = g with the μ > λ₁ that makes ‖ε‖ = ρ.
function maximalRise(diagonal: readonly number[], w: readonly number[], rho: number): number {
  const epsilonAt = (mu: number): number[] => diagonal.map((d, i) => (d * w[i]!) / (mu - d));
  let [low, high] = [Math.max(...diagonal), Math.max(...diagonal) * 2 + normOf(w) * 1e4];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (normOf(epsilonAt(middle)) > rho) low = middle;
    else high = middle;
  }
  const epsilon = epsilonAt(high);
  return diagonal.reduce((sum, d, i) => sum + d * w[i]! * epsilon[i]! + (d * epsilon[i]! ** 2) / 2, 0);
}

it('more ascent steps never find less, and many find the maximum in the ball of a quadratic', () => {
  const positive = fc.array(between(0.5, 4), { minLength: size, maxLength: size });
  fc.assert(
    fc.property(positive, someWeights, radii, (diagonal, w, rho) => {
      fc.pre(w.every((x) => Math.abs(x) > 0.05)); // without a slope along the top eigenvector there is none to climb
      const matrix = diagonal.map((d, i) => diagonal.map((_, j) => (i === j ? d : 0)));
      const found = [1, 2, 5, 200].map(
        (ascentSteps) => measured(sharpness({ rho, ascentSteps }), bowl(f64, matrix, w)).sharpness,
      );
      for (const [i, one] of found.slice(1).entries()) expect(one).toBeGreaterThanOrEqual(found[i]!);
      const maximum = maximalRise(diagonal, w, rho);
      expect(found.at(-1)).toBeLessThan(maximum * (1 + 1e-9));
      expect(found.at(-1)).toBeGreaterThan(maximum * (1 - 1e-3));
    }),
    { numRuns: 20 },
  );
});

it('the variance of the trace is 2 Σ H_ij² over i ≠ j with signs, over all i, j with normal numbers', () => {
  const matrix = [
    [2, 1, 0, 0, 0.5],
    [1, -1, 0.25, 0, 0],
    [0, 0.25, 3, 0, 1],
    [0, 0, 0, 1, 0],
    [0.5, 0, 1, 0, 0],
  ];
  const squares = (keep: (i: number, j: number) => boolean): number =>
    matrix.flatMap((row, i) => row.map((x, j) => (keep(i, j) ? 2 * x ** 2 : 0))).reduce((sum, x) => sum + x, 0);
  const probes = 1000;
  for (const [distribution, variance] of [
    ['rademacher', squares((i, j) => i !== j)],
    ['normal', squares(() => true)],
  ] as const) {
    const on = bowl(f64, matrix, [1, 2, 3, 4, 5]);
    const { trace, standardError } = measured(hessianTrace({ probes, distribution }), on);
    expect(standardError / Math.sqrt(variance / probes)).toBeGreaterThan(0.85);
    expect(standardError / Math.sqrt(variance / probes)).toBeLessThan(1.15);
    expect(Math.abs(trace - 5)).toBeLessThan(3 * standardError);
  }
});

it('the spectrum has the moments tr H/n and tr H²/n in the mean over probes, after two iterations each', () => {
  const diagonal = [5, 2, 1, 0, -1];
  const matrix = diagonal.map((d, i) => diagonal.map((_, j) => (i === j ? d : 0)));
  const on = bowl(f64, matrix, [1, 2, 3, 4, 5]);
  const { probes } = measured(hessianSpectrum({ probes: 500, iterations: 2 }), on);
  for (const [power, moment] of [
    [1, 7 / 5],
    [2, 31 / 5],
  ] as const) {
    const each = probes.map(({ values, weights }) => values.reduce((sum, x, j) => sum + weights[j]! * x ** power, 0));
    const mean = each.reduce((sum, x) => sum + x, 0) / each.length;
    const deviation = Math.sqrt(each.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (each.length - 1));
    expect(Math.abs(mean - moment)).toBeLessThan((4 * deviation) / Math.sqrt(each.length));
  }
});
