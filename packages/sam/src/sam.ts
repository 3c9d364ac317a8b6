import {
  addSteepest,
  checkKeys,
  checkNumber,
  checkSchedule,
  define,
  evaluate,
  type Schedule,
  type Variant,
  valueAt,
} from '@flatmin/core';
import { secondOrderTerm } from './second-order.ts';

/** Options of {@link sam}. */
export interface SamOptions {
  /** ρ, the radius of the ball in which the worst weights are sought, or its schedule. Default 0.05. */
  readonly rho?: Schedule;
  /** p, the norm that makes the ball: above 1, or `Infinity`. Default 2. */
  readonly p?: number;
  /** k, the normalised steps that climb to the worst weights. Default 1. */
  readonly ascentSteps?: number;
  /** How long each of these steps is: `split` ρ/k (default), or `full` ρ, as optax does. */
  readonly ascentLength?: 'split' | 'full';
  /**
   * Keep the term (dε̂/dw)ᵀ∇L(w+ε̂) that SAM drops; two more gradients a step. The number is the length h of
   * the differences that compute it, `true` is 0.01. Default false: it does not help (the paper's appendix).
   */
  readonly secondOrder?: boolean | number;
}

/**
 * Sharpness-Aware Minimization: climb to the worst point within ρ of the weights, take the gradient there,
 * apply it at the weights. Two gradients a step.
 *
 * ε̂ = ρ sign(δ)|δ|^(q−1)/(‖δ‖_q^q)^(1/p), 1/p + 1/q = 1, which for p = 2 is ρ δ/‖δ‖₂, with the norm over all
 * perturbed leaves together; then g = ∇L(w + ε̂) goes to the base optimizer. At ρ = 0 it is the base optimizer
 * exactly; so it is where δ is zero.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(momentum({ learningRate: 0.1 }), sam({ rho: 0.05 }), float64);
 * ```
 * @see Foret, Kleiner, Mobahi, Neyshabur, "Sharpness-Aware Minimization for Efficiently Improving
 * Generalization" (ICLR 2021), Algorithm 1 and equation 2; reference implementation google-research/sam.
 * Nothing is divided where the gradient is zero (optax's `contrib.sam` divides by zero there), and nothing is
 * added to the norm (davda54/sam adds 1e-12).
 */
export function sam(options: SamOptions = {}): Variant {
  checkKeys('sam', options, ['rho', 'p', 'ascentSteps', 'ascentLength', 'secondOrder']);
  const { rho = 0.05, p = 2, ascentSteps = 1, ascentLength = 'split', secondOrder = false } = options;
  const settings = { rho, p, ascentSteps, ascentLength, secondOrder };
  check(settings);
  return define({
    name: 'sam',
    equation: 'ε̂ = ρ sign(g)|g|^(q−1)/(‖g‖_q^q)^(1/p); step ∇L(w + ε̂)',
    options: settings,
    gradients: 1 + ascentSteps + (secondOrder === false ? 0 : 2),
    limit: 'exact',
    *step({ math, weights: w, select, step, learningRate }) {
      const radius = valueAt('sam: rho', rho, { step, learningRate });
      const stride = ascentLength === 'split' ? radius / ascentSteps : radius;

      const { gradient: delta } = yield* evaluate(w); // δ = ∇L_B(w)
      let adversarial = addSteepest(math, w, stride, select(delta), p); // w_adv = w + ε̂, ε̂ = ρ δ/‖δ‖
      for (let k = 1; k < ascentSteps; k++) {
        const { gradient } = yield* evaluate(adversarial);
        adversarial = addSteepest(math, adversarial, stride, select(gradient), p);
      }
      const { gradient: g } = yield* evaluate(adversarial); // g = ∇L_B(w_adv)
      if (secondOrder === false) return { direction: g }; // w ← w − ηg
      const h = secondOrder === true ? 0.01 : secondOrder;
      const term = yield* secondOrderTerm(math, w, select(delta), select(g), h);
      return { direction: math.addScaled(g, radius, term) }; // g + (dε̂/dw)ᵀg
    },
  });
}

function check({ rho, p, ascentSteps, ascentLength, secondOrder }: Required<SamOptions>): void {
  checkSchedule('sam', 'rho', rho);
  if (p !== Number.POSITIVE_INFINITY) checkNumber('sam', 'p', p, { above: 1 }, ' or Infinity');
  checkNumber('sam', 'ascentSteps', ascentSteps, { min: 1, integer: true });
  if (ascentLength !== 'split' && ascentLength !== 'full') {
    throw new RangeError(`sam: ascentLength is ${JSON.stringify(ascentLength)}; give 'split' or 'full'.`);
  }
  if (secondOrder === false) return;
  if (secondOrder !== true) checkNumber('sam', 'secondOrder', secondOrder, { above: 0 }, ', true or false');
  if (p !== 2 || ascentSteps !== 1) {
    throw new RangeError(
      'sam: secondOrder is defined for p = 2 and one ascent step; leave p and ascentSteps at their defaults.',
    );
  }
}
