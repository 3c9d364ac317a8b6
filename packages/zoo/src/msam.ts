import { define, evaluate, type Schedule, settings, treeOf, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link msam}. */
export interface MsamOptions {
  /** ρ, the length of the perturbation, or its schedule. Default 0.3. */
  readonly rho?: Schedule;
  /** β, the base optimizer's momentum (Adam's β₁), in [0, 1). Default 0.9. */
  readonly momentum?: number;
  /** λ, decay of the displaced weights, which v then remembers; leave the base optimizer's at 0. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Momentum-SAM: moves against the momentum instead of along a gradient, and so needs one gradient a step, as the base
 * optimizer alone.
 *
 * g̃ = ∇L(w̃), w̃ = w − ρ v/‖v‖ with the v before this step, which is zero at first; the direction is g̃ + λw̃, and
 * v ← βv + g̃ + λw̃. The variant keeps v itself, so that any base optimizer will do; its momentum should be β. At ρ = 0
 * it is the base optimizer exactly (with λ = 0).
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(momentum({ learningRate: 0.1, momentum: 0.9 }), msam({ rho: 0.3, momentum: 0.9 }), float64);
 * ```
 * @see Becker, Altrock, Risse, "Momentum-SAM: Sharpness Aware Minimization without Computational Overhead" (2024),
 * Algorithm 1; reference implementation MarlonBecker/MSAM. It leaves the weights displaced between steps and must be
 * told to move them back; here the model always holds w. Its weight decay is taken at the displaced weights, which
 * is our `weightDecay`; a base optimizer's own is taken at w, and not in v. It adds 1e-12 to the norm, and we nothing.
 */
export function msam(options: MsamOptions = {}): Variant {
  const settled = settings('msam', options, {
    rho: { default: 0.3, is: 'schedule' },
    momentum: { default: 0.9, min: 0, below: 1 },
    weightDecay: { default: 0, min: 0 },
  });
  const { rho, momentum: beta, weightDecay: lambda } = settled;
  return define({
    name: 'msam',
    equation: 'w̃ = w − ρ v/‖v‖, g̃ = ∇L(w̃) + λw̃, v ← βv + g̃; step g̃',
    options: settled,
    gradients: 1,
    limit: lambda === 0 ? 'exact' : 'none',
    state: { v: treeOf(0) },
    *step(given) {
      const { math, weights: w, select, state } = given;
      const { addOfLength, addScaled } = math;
      const radius = valueAt('msam: rho', rho, given);

      const displaced = addOfLength(w, -radius, select(state.v)); // w̃ = w − ρ v/‖v‖
      const { gradient } = yield* evaluate(displaced);
      const g = lambda === 0 ? gradient : addScaled(gradient, lambda, displaced); // ∇L(w̃) + λw̃
      const v = addScaled(g, beta, state.v); // v ← βv + g̃
      return { direction: g, state: { v } };
    },
  });
}
