import { define, evaluate, read, type Schedule, scalarOf, settings, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link aeSam}. */
export interface AeSamOptions {
  /** T, the steps of the whole training, over which the threshold falls. */
  readonly steps: number;
  /** ρ, the radius of the ball in which the worst weights are sought, or its schedule. Default 0.05. */
  readonly rho?: Schedule;
  /** δ, how much of the running mean and variance stays at each step, in [0, 1). Default 0.9. */
  readonly delta?: number;
  /** λ₁, the threshold at the end of training, in standard deviations. Default −1. */
  readonly lambda1?: number;
  /** λ₂, the threshold at its beginning. Default 1. */
  readonly lambda2?: number;
}

/**
 * AE-SAM: takes SAM's step only where the gradient is long for its time, which is where the loss is sharp, and the
 * more readily the longer training lasts. One or two gradients a step, and one value read from the device.
 *
 * μ ← δμ + (1−δ)‖g‖², σ² ← δσ² + (1−δ)(‖g‖² − μ)²; if ‖g‖² ≥ μ + cₜσ, cₜ = (t/T)λ₁ + (1−t/T)λ₂, the direction is
 * ∇L(w + ρ g/‖g‖), else g. They begin at 0 and e⁻¹⁰. At ρ = 0 it is the base optimizer exactly.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(momentum({ learningRate: 0.1 }), aeSam({ steps: 10_000, rho: 0.05 }), float64);
 * ```
 * @see Jiang, Yang, Zhang, Kwok, "An Adaptive Policy to Employ Sharpness-Aware Minimization" (ICLR 2023), Algorithm
 * 1 and equations 4 to 6. There is no public implementation. After step T the threshold stays at λ₁.
 */
export function aeSam(options: AeSamOptions): Variant {
  const settled = settings('aeSam', options, {
    steps: { min: 1, integer: true },
    rho: { default: 0.05, is: 'schedule' },
    delta: { default: 0.9, min: 0, below: 1 },
    lambda1: { default: -1 },
    lambda2: { default: 1 },
  });
  const { steps, rho, delta, lambda1, lambda2 } = settled;
  return define({
    name: 'ae-sam',
    equation: 'μ ← δμ + (1−δ)‖g‖², σ² ← δσ² + (1−δ)(‖g‖²−μ)²; step ∇L(w + ρ g/‖g‖) if ‖g‖² ≥ μ + cₜσ, else g',
    options: settled,
    gradients: [1, 2],
    limit: 'exact',
    state: { mean: scalarOf(0), variance: scalarOf(Math.exp(-10)) },
    *step(given) {
      const { math, weights: w, select, state, step: t } = given;
      const { addOfLength, leaf, norm } = math;
      const radius = valueAt('aeSam: rho', rho, given);

      const { gradient: g } = yield* evaluate(w);
      const square = leaf.mul(norm(g), norm(g)); // ‖g‖²
      const mean = leaf.add(leaf.mul(state.mean, delta), leaf.mul(square, 1 - delta)); // μ ← δμ + (1−δ)‖g‖²
      const off = leaf.sub(square, mean);
      const variance = leaf.add(leaf.mul(state.variance, delta), leaf.mul(leaf.mul(off, off), 1 - delta)); // σ²
      const progress = Math.min(1, t / steps);
      const c = progress * lambda1 + (1 - progress) * lambda2; // cₜ
      const excess = leaf.sub(off, leaf.mul(leaf.sqrt(variance), c)); // ‖g‖² − μ − cₜσ
      if ((yield* read(excess)) < 0) return { direction: g, state: { mean, variance } };

      const { gradient } = yield* evaluate(addOfLength(w, radius, select(g))); // ∇L(w + ρ g/‖g‖)
      return { direction: gradient, state: { mean, variance } };
    },
  });
}
