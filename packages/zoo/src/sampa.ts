import { define, evaluate, type Schedule, settings, together, treeOf, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link sampa}. */
export interface SampaOptions {
  /** ρ, the length of the perturbation, or its schedule. Default 0.1. */
  readonly rho?: Schedule;
  /** λ, how much of the direction is the gradient at the auxiliary weights y, in [0, 1]. Default 0.2. */
  readonly lambda?: number;
  /** β, the base optimizer's momentum, which the step to y takes too, in [0, 1). Default 0. */
  readonly momentum?: number;
  /** The base optimizer's weight decay, which the step to y takes too. Default 0. */
  readonly weightDecay?: number;
}

/**
 * SAMPa: SAM whose two gradients do not wait for each other, for the perturbation comes from an auxiliary sequence y
 * that runs ahead. Two gradients a step, asked for at once.
 *
 * x̃ = x + ρ d/‖d‖, where d = ∇f(y) is the last step's, on the batch of then; y′ = x − η(d + weightDecay x + βv),
 * without the last two at the first step; the direction is (1−λ)∇f(x̃) + λ∇f(y′), ∇f(x̃) on the batch of the step before and
 * ∇f(y′) on this one's. v is the base optimizer's momentum, kept here. At ρ = 0 the two sequences stay.
 *
 * It needs the batch of the step before, which a `fit` cannot give: in TensorFlow.js, `trainer` can.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(sgd({ learningRate: 0.1 }), sampa({ rho: 0.1 }), float64, { offers: ['previousBatch'] });
 * ```
 * @see Xie, Pethick, Cevher, "SAMPa: Sharpness-aware Minimization Parallelized" (NeurIPS 2024), Algorithm 1;
 * reference implementation LIONS-EPFL/SAMPa, which puts the base optimizer's momentum and weight decay into y′ where
 * the paper has y′ = x − η d; `momentum` and `weightDecay` are for that. At the first step d is zero, and the host
 * takes this batch for the one before.
 */
export function sampa(options: SampaOptions = {}): Variant {
  const settled = settings('sampa', options, {
    rho: { default: 0.1, is: 'schedule' },
    lambda: { default: 0.2, min: 0, max: 1 },
    momentum: { default: 0, min: 0, below: 1 },
    weightDecay: { default: 0, min: 0 },
  });
  const { rho, lambda, momentum: beta, weightDecay } = settled;
  return define({
    name: 'sampa',
    equation: 'x̃ = x + ρ d/‖d‖, y = x − η d, d ← ∇f(y); step (1−λ)∇f(x̃) + λ∇f(y)',
    options: settled,
    gradients: 2,
    limit: 'none',
    needs: ['previousBatch'],
    state: { d: treeOf(0), v: treeOf() },
    *step(given) {
      const { math, weights: x, select, state, learningRate: eta } = given;
      const { add, addOfLength, addScaled, scale } = math;
      const radius = valueAt('sampa: rho', rho, given);

      const base = state.v && addScaled(scale(state.v, beta), weightDecay, x);
      const y = addScaled(x, -eta, base === undefined ? state.d : add(state.d, base)); // y′ = x − η∇f(y)
      const [ascended, ahead] = yield* together([
        evaluate(addOfLength(x, radius, select(state.d)), { batch: 'previous' }), // ∇f(x̃)
        evaluate(y, { lookAhead: true }), // ∇f(y′)
      ]);
      const d = ahead!.gradient;
      const direction = addScaled(scale(ascended!.gradient, 1 - lambda), lambda, d); // (1−λ)∇f(x̃) + λ∇f(y′)
      const decayed = addScaled(direction, weightDecay, x);
      // v ← βv + direction + weightDecay x
      const v = state.v === undefined ? decayed : addScaled(decayed, beta, state.v);
      return { direction, state: { d, v } };
    },
  });
}
