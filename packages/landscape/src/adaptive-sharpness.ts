import { elementwise, type LeafSelector, rolesOf, settings } from '@flatmin/core';
import { ascend } from './ascent.ts';
import type { Measure } from './measure.ts';
import { ascentSteps, radius } from './options.ts';
import { scope } from './scope.ts';
import { riseOf, type Sharpness, type SharpnessOptions } from './sharpness.ts';

/** Options of {@link adaptiveSharpness}. */
export interface AdaptiveSharpnessOptions extends SharpnessOptions {
  /** ρ, the radius of the ball in lengths of the weights themselves. Default 0.5. */
  readonly rho?: number;
  /** η, added to |w| in T. Default 0.01. */
  readonly eta?: number;
  /** The leaves where T is |w| + η; it is 1 at the others. Default: weights and γ, by role. */
  readonly adaptive?: LeafSelector;
}

/**
 * How much the loss rises near the weights, where near is measured in lengths of the weights themselves. With
 * `{ eta: 0, adaptive: () => true }`, the paper's T, it does not change when a ReLU layer is scaled up and the next one
 * down; by default it does, for η and the biases are lengths of their own.
 *
 * max L(w + ε) − L(w) over ‖T⁻¹ε‖₂ ≤ ρ, T = |w| + η at adaptive leaves and 1 at the others; with one ascent step
 * ε = ρ T²g/‖Tg‖. `rho`, `eta` and `adaptive` and their defaults are those of `asam` of `@flatmin/asam`, at p = 2.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * const { sharpness: rise } = measure(adaptiveSharpness({ rho: 0.5 }), { weights, algebra: float64, evaluate });
 * ```
 * @see Kwon, Kim, Park, Choi, "ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of Deep
 * Neural Networks" (ICML 2021), section 3
 */
export function adaptiveSharpness(options: AdaptiveSharpnessOptions = {}): Measure<Sharpness> {
  const settled = settings('adaptiveSharpness', options, {
    rho: { ...radius, default: 0.5 },
    ascentSteps,
    eta: { default: 0.01, min: 0 },
    adaptive: { default: ['weight', 'gamma'], is: 'selector' },
  });
  return function* ({ math, weights }) {
    return yield* scope(math, function* (math) {
      const metric = elementwise(math, weights, rolesOf(weights), settled); // T_w
      return riseOf(yield* ascend(math, weights, { ...settled, metric }));
    });
  };
}
