import { define, evaluate, type Schedule, settings, treeOf, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link looksam}. */
export interface LookSamOptions {
  /** ρ, the radius of the ball in which the worst weights are sought, or its schedule. Default 0.05. */
  readonly rho?: Schedule;
  /** k: every k-th step is SAM's; those between reuse what it found. Default 5. */
  readonly k?: number;
  /** α, the length of the reused part in lengths of the gradient. Default 0.7. */
  readonly alpha?: number;
}

/**
 * LookSAM: SAM's gradient every k-th step; between, the plain gradient and the part that SAM had found orthogonal
 * to it, which changes slowly. 1 + 1/k gradients a step.
 *
 * Steps 0, k, 2k, …: g̃ = ∇L(w + ρ g/‖g‖), gᵥ = g̃ − (gᵀg̃/‖g‖²) g is kept, the direction is g̃. Between: g +
 * α (‖g‖/‖gᵥ‖) gᵥ. A gᵥ of length up to 1e-6 ‖g̃‖ is rounding and counts as zero, so that at ρ = 0 it is the base
 * optimizer exactly. With k = 1 it is SAM.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(momentum({ learningRate: 0.1 }), looksam({ rho: 0.05, k: 5 }), float64);
 * ```
 * @see Liu, Mai, Chen, Hsieh, You, "Towards Efficient and Scalable Sharpness-Aware Minimization" (CVPR 2022),
 * Algorithm 1, with the norms over all leaves together, as SAM's. There is no implementation by the authors.
 * MarlonBecker/MSAM and rollovd/LookSAM project each tensor on its own; kozistr/pytorch_optimizer runs the
 * loss at every step and doubles the reused gradient. None guards a gᵥ that is rounding alone.
 */
export function looksam(options: LookSamOptions = {}): Variant {
  const settled = settings('looksam', options, {
    rho: { default: 0.05, is: 'schedule' },
    k: { default: 5, min: 1, integer: true },
    alpha: { default: 0.7, min: 0 },
  });
  const { rho, k, alpha } = settled;
  return define({
    name: 'looksam',
    equation: 'every k-th step ∇L(w + ρ g/‖g‖) = g̃, gᵥ = g̃ − (gᵀg̃/‖g‖²)g; else g + α(‖g‖/‖gᵥ‖)gᵥ',
    options: settled,
    gradients: (step) => (step % k === 0 ? 2 : 1),
    limit: 'exact',
    state: { gv: treeOf(0) },
    *step(given) {
      const { math, weights: w, select, state, step } = given;
      const { addOfLength, leaf, map, norm, orthogonal } = math;

      const { gradient: g } = yield* evaluate(w); // ∇L(w)
      // g + α(‖g‖/‖gᵥ‖)gᵥ
      if (step % k !== 0) return { direction: addOfLength(g, leaf.mul(norm(g), alpha), state.gv) };

      const radius = valueAt('looksam: rho', rho, given);
      const { gradient: gs } = yield* evaluate(addOfLength(w, radius, select(g))); // g̃
      const part = orthogonal(gs, g);
      const beyondRounding = leaf.sub(norm(part), leaf.mul(norm(gs), 1e-6));
      const gv = map((x) => leaf.guard(beyondRounding, x), part); // gᵥ
      return { direction: gs, state: { gv } };
    },
  });
}
