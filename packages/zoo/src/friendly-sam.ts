import { define, evaluate, type Schedule, settings, treeOf, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link friendlySam}. */
export interface FriendlySamOptions {
  /** ρ, the radius of the ball in which the worst weights are sought, or its schedule. Default 0.05. */
  readonly rho?: Schedule;
  /** σ, how much of the running mean is taken out of the ascent's direction. Default 1. */
  readonly sigma?: number;
  /** λ, how much of the running mean stays at each step, in [0, 1). Default 0.9. */
  readonly lambda?: number;
}

/**
 * Friendly SAM: climbs along what is peculiar to the batch alone, for the part of its gradient that is common to
 * all batches is estimated by a running mean and taken out. Two gradients a step.
 *
 * d = g − σm, ε̂ = ρ d/‖d‖, m ← λm + (1−λ)g with the m before this step; at the first step there is none, d = g and
 * m ← g. The direction is ∇L(w + ε̂). At ρ = 0 it is the base optimizer exactly; with σ = 0 it is SAM.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(momentum({ learningRate: 0.1 }), friendlySam({ rho: 0.05, sigma: 1 }), float64);
 * ```
 * @see Li, Zhou, He, Cheng, Huang, "Friendly Sharpness-Aware Minimization" (CVPR 2024), Algorithm 1; reference
 * implementation nblt/F-SAM. The paper updates m before it is used, the implementation after; we follow the
 * latter. With σ = 1 both climb in one direction, since g − (λm + (1−λ)g) = λ(g − m). The implementation adds 1e-12 to
 * the norm, and we nothing.
 */
export function friendlySam(options: FriendlySamOptions = {}): Variant {
  const settled = settings('friendlySam', options, {
    rho: { default: 0.05, is: 'schedule' },
    sigma: { default: 1, min: 0 },
    lambda: { default: 0.9, min: 0, below: 1 },
  });
  const { rho, sigma, lambda } = settled;
  return define({
    name: 'friendly-sam',
    equation: 'd = g − σm, ε̂ = ρ d/‖d‖, m ← λm + (1−λ)g; step ∇L(w + ε̂)',
    options: settled,
    gradients: 2,
    limit: 'exact',
    state: { m: treeOf() },
    *step(given) {
      const { math, weights: w, select, state } = given;
      const { addOfLength, addScaled, scale } = math;
      const radius = valueAt('friendlySam: rho', rho, given);

      const { gradient: g } = yield* evaluate(w);
      const d = state.m === undefined ? g : addScaled(g, -sigma, state.m); // d = g − σm
      const { gradient } = yield* evaluate(addOfLength(w, radius, select(d))); // ∇L(w + ρ d/‖d‖)
      const m = state.m === undefined ? g : addScaled(scale(state.m, lambda), 1 - lambda, g); // m ← λm + (1−λ)g
      return { direction: gradient, state: { m } };
    },
  });
}
