import {
  define,
  evaluate,
  losses,
  map,
  type Schedule,
  type Step,
  settings,
  type Variant,
  valueAt,
} from '@flatmin/core';

/** Options of {@link esam}. */
export interface EsamOptions {
  /** ρ, the radius of the ball in which the worst weights are sought, or its schedule. Default 0.05. */
  readonly rho?: Schedule;
  /** β, the probability of each leaf to be perturbed, in (0, 1]. Default 0.6. */
  readonly beta?: number;
  /** γ, the share of samples, those whose loss rises most, that make the second gradient, in (0, 1]. Default 0.5. */
  readonly gamma?: number;
}

/**
 * Efficient SAM: perturbs leaves drawn by lot, and takes the second gradient of those samples alone that the
 * perturbation hurts. Two gradients a step, the second of a part of the batch, and one pass for the losses.
 *
 * g = ∇L(w) at the drawn leaves, zero at the others; ε̂ = (ρ/β) g/‖g‖; of the n samples the γn, rounded and at
 * least one, with the largest ℓᵢ(w + ε̂) − ℓᵢ(w) make the direction, the mean of their ∇ℓᵢ(w + ε̂). At ρ = 0 no loss
 * rises, and it is the base optimizer on the first samples of the batch: no limit to speak of, but with γ = 1 exactly
 * so. With β = γ = 1 it is SAM.
 *
 * It needs a loss for each sample, which a `fit` cannot give: in TensorFlow.js, `trainer` can.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(sgd({ learningRate: 0.1 }), esam({ rho: 0.05 }), float64, { offers: ['perSample'] });
 * ```
 * @see Du, Yan, Feng, Zhou, Zhen, Goh, Tan, "Efficient Sharpness-aware Minimization for Improved Training of Neural
 * Networks" (ICLR 2022), Algorithm 1; reference implementation dydjw9/Efficient_SAM. The paper divides by 1 − β, the
 * code by β, and its author says that the code is right (issue 3); we follow it. It keeps ⌊γn⌋ − 1 samples, since
 * its `>` drops the one at the cut-off. Its first step perturbs all leaves, and ours draws.
 */
export function esam(options: EsamOptions = {}): Variant {
  const settled = settings('esam', options, {
    rho: { default: 0.05, is: 'schedule' },
    beta: { default: 0.6, above: 0, max: 1 },
    gamma: { default: 0.5, above: 0, max: 1 },
  });
  const { rho, beta, gamma } = settled;
  return define({
    name: 'esam',
    equation:
      'ε̂ = (ρ/β) g/‖g‖ over leaves drawn with probability β; step ∇L(w + ε̂) of the γn samples whose loss rises most',
    options: settled,
    gradients: 2,
    limit: gamma === 1 ? 'exact' : 'none',
    needs: ['perSample'],
    *step<T>(given: Step<T>) {
      const { math, weights: w, select, random } = given;
      const { addOfLength, leaf } = math;
      const radius = valueAt('esam: rho', rho, given);

      const { gradient, losses: before = [] } = yield* evaluate(w, { losses: true }); // ℓᵢ(w)
      const drawn = map((g: T) => (random.uniform() < beta ? g : leaf.full(g, 0)), select(gradient));
      const perturbed = addOfLength(w, radius / beta, drawn); // w + ε̂
      const after = yield* losses(perturbed); // ℓᵢ(w + ε̂)
      const rise = (i: number): number => after[i]! - before[i]!;
      const byRise = [...after.keys()].sort((i, j) => rise(j) - rise(i));
      const samples = byRise.slice(0, Math.max(1, Math.round(gamma * after.length)));
      const { gradient: direction } = yield* evaluate(perturbed, { samples });
      return { direction };
    },
  });
}
