import { define, evaluate, type Schedule, settings, treeOf, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link vasso}. */
export interface VassoOptions {
  /** ρ, the radius of the ball in which the worst weights are sought, or its schedule. Default 0.05. */
  readonly rho?: Schedule;
  /** θ, the weight of the newest gradient in the running mean, in (0, 1]. Default 0.9. */
  readonly theta?: number;
}

/**
 * Variance-Suppressed Sharpness-aware Optimization: climbs along a running mean of gradients, whose noise is less
 * than one batch's. Two gradients a step.
 *
 * d ← (1−θ)d + θ∇L(w), at the first step d = ∇L(w); ε̂ = ρ d/‖d‖; the direction is ∇L(w + ε̂). At ρ = 0 it is the base
 * optimizer exactly; with θ = 1 it is SAM.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(momentum({ learningRate: 0.1 }), vasso({ rho: 0.05, theta: 0.9 }), float64);
 * ```
 * @see Li, Giannakis, "Enhancing Sharpness-Aware Optimization Through Variance Suppression" (NeurIPS 2023),
 * Algorithm 1; reference implementation BingcongLi/VaSSO, which begins with d = ∇L(w) at the first step, as we do,
 * and adds 1e-7 to the norm, which we do not.
 */
export function vasso(options: VassoOptions = {}): Variant {
  const settled = settings('vasso', options, {
    rho: { default: 0.05, is: 'schedule' },
    theta: { default: 0.9, above: 0, max: 1 },
  });
  const { rho, theta } = settled;
  return define({
    name: 'vasso',
    equation: 'd ← (1−θ)d + θg, ε̂ = ρ d/‖d‖; step ∇L(w + ε̂)',
    options: settled,
    gradients: 2,
    limit: 'exact',
    state: { d: treeOf() },
    *step(given) {
      const { math, weights: w, select, state } = given;
      const { addOfLength, addScaled, scale } = math;
      const radius = valueAt('vasso: rho', rho, given);

      const { gradient: g } = yield* evaluate(w);
      const d = state.d === undefined ? g : addScaled(scale(state.d, 1 - theta), theta, g); // d ← (1−θ)d + θg
      const { gradient } = yield* evaluate(addOfLength(w, radius, select(d))); // ∇L(w + ρ d/‖d‖)
      return { direction: gradient, state: { d } };
    },
  });
}
