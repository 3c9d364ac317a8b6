import { define, evaluate, type Schedule, settings, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link gam}. */
export interface GamOptions {
  /** ρ, how far the gradient's norm is climbed, or its schedule. Default 0.2. */
  readonly rho?: Schedule;
  /** ρ′, the length of the differences by which the norm's gradient is found, or its schedule. Default 0.02. */
  readonly rhoPrime?: Schedule;
  /** β₁, the weight of g₁. Default 0.6. */
  readonly beta1?: number;
  /** β₂, the weight of g₂ beside g₀, by its size. Default 0.5. */
  readonly beta2?: number;
  /** β₃, the weight of g₃. Default 0.4. */
  readonly beta3?: number;
  /** γ, how much of the orthogonal part is descended. Default 0.03. */
  readonly gamma?: number;
}

/**
 * Gradient norm Aware Minimization: makes the largest gradient nearby small (first-order flatness), beside the
 * loss. Four gradients a step.
 *
 * g₀ = ∇L(w); g₁ = ∇L(w + ρ′ g₀/‖g₀‖); h = g₁ − g₀, the direction in which ‖∇L‖ grows; ε = ρ h/‖h‖; g₂ = ∇L(w + ε);
 * g₃ = ∇L(w + ε + ρ′ g₂/‖g₂‖). With u = β₁g₁ + β₃g₃ and v = g₀ + |β₂|g₂ the direction is u − γ v⊥, where
 * v⊥ = v − (vᵀu/‖u‖²) u. At ρ = 0 it is no plain gradient but, with β₁ + β₃ = 1, GSAM of radius ρ′ and α = γ(1 + |β₂|).
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(momentum({ learningRate: 0.05 }), gam({ rho: 0.2, rhoPrime: 0.02 }), float64);
 * ```
 * @see Zhang, Xu, Yu, Zou, Cui, "Gradient Norm Aware Minimization Seeks First-Order Flatness and Improves
 * Generalization" (CVPR 2023), Algorithm 2; reference implementation xxgege/GAM `gam/gam.py`, which we follow. The
 * paper has v = βg₀ + (1−β)g₂ where the code weighs g₀ with 1: its step is ours with γβ for γ and (1−β)/β for β₂. The
 * weights are set for each data set and network; the defaults are the code's for a ResNet on CIFAR-100. It adds 1e-12
 * to norms, and we nothing.
 */
export function gam(options: GamOptions = {}): Variant {
  const settled = settings('gam', options, {
    rho: { default: 0.2, is: 'schedule' },
    rhoPrime: { default: 0.02, is: 'schedule' },
    beta1: { default: 0.6 },
    beta2: { default: 0.5 },
    beta3: { default: 0.4 },
    gamma: { default: 0.03 },
  });
  const { rho, rhoPrime, beta1, beta2, beta3, gamma } = settled;
  return define({
    name: 'gam',
    equation:
      'g₁ = ∇L(w + ρ′ĝ₀), ε = ρ(g₁−g₀)/‖g₁−g₀‖, g₂ = ∇L(w + ε), g₃ = ∇L(w + ε + ρ′ĝ₂), u = β₁g₁ + β₃g₃; ' +
      'step u − γ(g₀ + |β₂|g₂)⊥',
    options: settled,
    gradients: 4,
    limit: 'none',
    *step(given) {
      const { math, weights: w, select } = given;
      const { addOfLength, addScaled, orthogonal, scale, sub } = math;
      const radius = valueAt('gam: rho', rho, given);
      const inner = valueAt('gam: rhoPrime', rhoPrime, given); // ρ′

      const { gradient: g0 } = yield* evaluate(w);
      const { gradient: g1 } = yield* evaluate(addOfLength(w, inner, select(g0)));
      const ascended = addOfLength(w, radius, select(sub(g1, g0))); // w + ρ h/‖h‖
      const { gradient: g2 } = yield* evaluate(ascended);
      const { gradient: g3 } = yield* evaluate(addOfLength(ascended, inner, select(g2)));
      const u = addScaled(scale(g1, beta1), beta3, g3); // β₁g₁ + β₃g₃
      const v = addScaled(g0, Math.abs(beta2), g2); // g₀ + |β₂|g₂
      return { direction: addScaled(u, -gamma, orthogonal(v, u)) };
    },
  });
}
