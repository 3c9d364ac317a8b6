import { evaluate, read } from '@flatmin/core';
import { checkFinite, differenceLength, hessianProduct } from './hessian-product.ts';
import type { Measure } from './measure.ts';
import { type DifferenceOptions, differenceSettings, radius } from './options.ts';
import { scope } from './scope.ts';

/** Options of {@link secondOrderTerm}. */
export interface SecondOrderTermOptions extends DifferenceOptions {
  /** ρ, the radius of SAM's ball. Default 0.05. */
  readonly rho?: number;
}

/** The size of what SAM drops. */
export interface SecondOrderTerm {
  /** ‖(dε̂/dw)ᵀg̃‖ */
  readonly norm: number;
  /** The same in parts of ‖g̃‖, of what SAM keeps; 0 where both are zero. */
  readonly relative: number;
  /** The cosine of the angle between the two; 0 where either is zero. */
  readonly cosine: number;
  /** ‖g̃‖, where g̃ = ∇L(w + ε̂). */
  readonly gradientNorm: number;
}

/**
 * How large the term is that SAM drops from the gradient of L(w + ε̂(w)), beside the one that it keeps.
 *
 * That gradient is g̃ + (dε̂/dw)ᵀg̃ with g̃ = ∇L(w + ε̂) and ε̂ = ρ g/‖g‖, and the second term is
 * ρ/‖g‖ · H(I − ĝĝᵀ)g̃. Zero where g is, or so small that ρ/‖g‖ cannot be written. Four gradients.
 *
 * @throws RangeError for options that make no sense
 * @throws NonFiniteError from the measure, when a gradient is not finite
 * @example
 * ```ts
 * const { relative, cosine } = measure(secondOrderTerm({ rho: 0.05 }), { weights, algebra: float64, evaluate });
 * ```
 * @see Foret et al., "Sharpness-Aware Minimization for Efficiently Improving Generalization" (ICLR 2021), equation 3 and
 * appendix C.4; the option `secondOrder` of `sam` of `@flatmin/sam` keeps the term
 */
export function secondOrderTerm(options: SecondOrderTermOptions = {}): Measure<SecondOrderTerm> {
  const owner = 'secondOrderTerm';
  const { rho, h } = differenceSettings(owner, options, { rho: radius });
  return ({ math, weights: w }) =>
    scope(math, function* (math) {
      const { add, dot, leaf, norm, ofLength, orthogonal, scale } = math;
      const r = yield* differenceLength(math, w, h);
      const { gradient: g } = yield* evaluate(w);
      const { gradient: perturbed } = yield* evaluate(add(w, ofLength(rho, g))); // g̃ = ∇L(w + ε̂)
      const product = yield* hessianProduct(math, w, orthogonal(perturbed, g), r); // H(I − ĝĝᵀ)g̃
      const factor = leaf.div(leaf.scalar(rho), norm(g)); // ρ/‖g‖, which overflows before ‖g‖ is 0
      const term = scale(product, leaf.guard(factor, factor)); // ρ/‖g‖ · H(I − ĝĝᵀ)g̃
      const size = checkFinite(owner, yield* read(norm(term)));
      const gradientNorm = checkFinite(owner, yield* read(norm(perturbed)));
      const cosine = yield* read(dot(ofLength(1, term), ofLength(1, perturbed)));
      return { norm: size, relative: size === 0 ? 0 : size / gradientNorm, cosine, gradientNorm };
    });
}
