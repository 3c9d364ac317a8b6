import { define, evaluate, type Schedule, settings, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link random}. */
export interface RandomOptions {
  /** ρ, the length of the perturbation, or its schedule. Default 0.05. */
  readonly rho?: Schedule;
}

/**
 * A perturbation in a random direction: the control that shows whether SAM's gain comes from the direction of
 * ascent. One gradient a step.
 *
 * z standard normal, drawn at each step; ε = ρ z/‖z‖; the direction is ∇L(w + ε). At ρ = 0 it is the base optimizer
 * exactly.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(momentum({ learningRate: 0.1 }), random({ rho: 0.05 }), float64, { seed: 1 });
 * ```
 * @see Foret et al. 2021, appendix C.5, which finds that it does not help; and earlier Wen et al., "SmoothOut"
 * (2018), with noise of uniform length. There is no reference implementation.
 */
export function random(options: RandomOptions = {}): Variant {
  const settled = settings('random', options, { rho: { default: 0.05, is: 'schedule' } });
  const { rho } = settled;
  return define({
    name: 'random',
    equation: 'ε = ρ z/‖z‖, z ~ N(0, I); step ∇L(w + ε)',
    options: settled,
    gradients: 1,
    limit: 'exact',
    *step(given) {
      const { math, weights: w, select, random } = given;
      const { addOfLength } = math;
      const radius = valueAt('random: rho', rho, given);

      const z = select(random.normal(w));
      const { gradient } = yield* evaluate(addOfLength(w, radius, z)); // ∇L(w + ρ z/‖z‖)
      return { direction: gradient };
    },
  });
}
