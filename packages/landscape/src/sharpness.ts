import { settings } from '@flatmin/core';
import { type Ascended, ascend } from './ascent.ts';
import type { Measure } from './measure.ts';
import { ascentSteps, radius } from './options.ts';

/** Options of {@link sharpness}. */
export interface SharpnessOptions {
  /** ρ, the radius of the ball. Default 0.05. */
  readonly rho?: number;
  /** k, the ascent steps that look for the worst weights in it: k gradients and a loss. Default 1: SAM's. */
  readonly ascentSteps?: number;
}

/** How the loss rises near the weights. */
export interface Sharpness extends Ascended {
  /** L(w + ε) − L(w): of one step it may be negative, of several it is at least 0. */
  readonly sharpness: number;
}

/**
 * How much the loss rises within ρ of the weights.
 *
 * max L(w + ε) − L(w) over ‖ε‖₂ ≤ ρ, with the norm over all leaves together. With one ascent step it is
 * L(w + ρ ĝ) − L(w), what SAM minimises beside the loss, and negative where the loss turns down within ρ; with more, the
 * largest rise that projected gradient ascent meets, that of ε = 0 included: from 0 up to the maximum, and never above
 * it. NaN where loss or gradient is.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * const { sharpness: rise } = measure(sharpness({ rho: 0.05 }), { weights, algebra: float64, evaluate });
 * ```
 * @see Foret, Kleiner, Mobahi, Neyshabur, "Sharpness-Aware Minimization for Efficiently Improving Generalization"
 * (ICLR 2021), section 2
 */
export function sharpness(options: SharpnessOptions = {}): Measure<Sharpness> {
  const { rho, ascentSteps: steps } = settings('sharpness', options, { rho: radius, ascentSteps });
  return function* ({ math, weights }) {
    return riseOf(yield* ascend(math, weights, { rho, ascentSteps: steps }));
  };
}

/** What an ascent found, and by how much the loss rose. */
export const riseOf = (ascended: Ascended): Sharpness => ({
  ...ascended,
  sharpness: ascended.perturbedLoss - ascended.loss,
});
