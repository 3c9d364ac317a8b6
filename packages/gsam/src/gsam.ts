import { define, evaluate, type Schedule, settings, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link gsam}. */
export interface GsamOptions {
  /**
   * ρ, the radius of the ball in which the worst weights are sought, or its schedule; the paper's follows the
   * learning rate: `tracking({ from: ρmin, to: ρmax, learningRates: [ηmin, ηmax] })`. Default 0.05.
   */
  readonly rho?: Schedule;
  /** α, how much of the gradient that does not raise the perturbed loss is ascended. Default 0.4. */
  readonly alpha?: number;
}

/**
 * Surrogate Gap Guided SAM: lowers the loss at the worst weights nearby, and with it the gap h = L(w + ε̂) − L(w)
 * by ascending along the part of ∇L(w) that does not change the former. Two gradients a step.
 *
 * g = ∇L(w), g̃ = ∇L(w + ε̂), ε̂ = ρ g/‖g‖; the direction is g̃ − α g⊥, where g⊥ = g − (gᵀg̃/‖g̃‖²) g̃. At ρ = 0 it is
 * the base optimizer up to rounding, for g⊥ is then zero only as far as it can be computed.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * const learningRate = cosine({ from: 0.1, to: 1e-4, steps: 10_000 });
 * const rho = tracking({ from: 0.01, to: 0.1, learningRates: [1e-4, 0.1] });
 * sharpnessAware(momentum({ learningRate }), gsam({ rho, alpha: 0.4 }), float64);
 * ```
 * @see Zhuang, Gong, Yuan, Cui, Adam, Dvornek, Tatikonda, Duncan, Liu, "Surrogate Gap Minimization Improves
 * Sharpness-Aware Training" (ICLR 2022), Algorithm 1; reference implementations juntang-zhuang/GSAM and
 * google-research/big_vision. The former adds 1e-12 to norms, and its ρ falls below zero where the learning
 * rate warms up from below ηmin; ours stops at zero. Its `adaptive` scales by w², which is not in the paper, and is not
 * offered here: `@flatmin/asam` has that ball.
 */
export function gsam(options: GsamOptions = {}): Variant {
  const settled = settings('gsam', options, {
    rho: { default: 0.05, is: 'schedule' },
    alpha: { default: 0.4, min: 0 },
  });
  const { rho, alpha } = settled;
  return define({
    name: 'gsam',
    equation: 'ε̂ = ρ g/‖g‖, g̃ = ∇L(w + ε̂); step g̃ − α(g − (gᵀg̃/‖g̃‖²)g̃)',
    options: settled,
    gradients: 2,
    limit: alpha === 0 ? 'exact' : 'rounding',
    *step(given) {
      const { math, weights: w, select } = given;
      const { addOfLength, addScaled, orthogonal } = math;
      const radius = valueAt('gsam: rho', rho, given); // ρₜ

      const { gradient: g } = yield* evaluate(w); // ∇f
      const { gradient: perturbed } = yield* evaluate(addOfLength(w, radius, select(g))); // ∇f_p
      const vertical = orthogonal(g, perturbed); // ∇f⊥
      return { direction: addScaled(perturbed, -alpha, vertical) }; // ∇f_p − α∇f⊥
    },
  });
}
