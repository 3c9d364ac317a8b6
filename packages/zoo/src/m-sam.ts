import { define, evaluate, type Schedule, settings, sharded, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link mSam}. */
export interface MSamOptions {
  /** ρ, the radius of the ball in which the worst weights are sought, or its schedule. Default 0.05. */
  readonly rho?: Schedule;
  /** The parts of a batch, each with its own perturbation; with m samples in each it is the paper's m. Default 1. */
  readonly shards?: number;
}

/**
 * m-SAM: each part of the batch climbs on its own, and the gradients found there are averaged. SAM on many devices
 * does so by nature, and small parts generalise better. Two gradients a step, of each part.
 *
 * gᵢ = ∇Lᵢ(w), g̃ᵢ = ∇Lᵢ(w + ρ gᵢ/‖gᵢ‖); the direction is the mean of g̃ᵢ. At ρ = 0 it is the base optimizer (exactly so
 * with one part, which is SAM; up to rounding with more of equal size, for a mean of means is rounded otherwise).
 *
 * It needs the parts of a batch one by one, which a `fit` cannot give: in TensorFlow.js, `trainer` can. For other
 * variants, `sharded(variant, count)` of `@flatmin/core` does the same.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(sgd({ learningRate: 0.1 }), mSam({ shards: 4 }), float64, { offers: ['shards'] });
 * ```
 * @see Foret et al. 2021, section 4.1; reference implementation google-research/sam, where each device has its own ε
 * and gradients are averaged. tf-keras' `num_batch_splits` sums where it should average.
 */
export function mSam(options: MSamOptions = {}): Variant {
  const settled = settings('mSam', options, {
    rho: { default: 0.05, is: 'schedule' },
    shards: { default: 1, min: 1, integer: true },
  });
  const { rho, shards } = settled;
  const part = define({
    name: 'm-sam',
    gradients: 2,
    limit: 'exact',
    *step(given) {
      const { math, weights: w, select } = given;
      const { addOfLength } = math;
      const radius = valueAt('mSam: rho', rho, given);

      const { gradient: g } = yield* evaluate(w); // ∇Lᵢ(w)
      const { gradient } = yield* evaluate(addOfLength(w, radius, select(g))); // ∇Lᵢ(w + ρ gᵢ/‖gᵢ‖)
      return { direction: gradient };
    },
  });
  const { made: _, ...averaged } = sharded(part, shards); // the mean over the parts
  return {
    ...averaged,
    name: 'm-sam',
    equation: 'gᵢ = ∇Lᵢ(w) of each part i of the batch; step the mean of ∇Lᵢ(w + ρ gᵢ/‖gᵢ‖)',
    options: settled,
  };
}
