import {
  define,
  elementwise,
  evaluate,
  type LeafSelector,
  type Schedule,
  settings,
  steepest,
  type Variant,
  valueAt,
} from '@flatmin/core';

/** Options of {@link asam}. */
export interface AsamOptions {
  /** ρ, the radius of the ball in lengths of the weights themselves, or its schedule. Default 0.5. */
  readonly rho?: Schedule;
  /** η, added to |w| in T. Default 0.01. */
  readonly eta?: number;
  /** p, the norm that makes the ball: above 1, or `Infinity`. Default 2. */
  readonly p?: number;
  /** The leaves where T is |w| + η; it is 1 at the others. Default: weights and γ, by role. */
  readonly adaptive?: LeafSelector;
}

/**
 * Adaptive SAM: the ball in which the worst weights are sought is as wide along each weight as the weight is
 * large. With `{ eta: 0, adaptive: () => true }` the losses in it do not change when a ReLU layer is scaled up and
 * the next one down. Two gradients a step.
 *
 * ε̂ = T s(T∇L(w)), where T = |w| + η at adaptive leaves and 1 at the others, and s is SAM's step to the ball's
 * surface; for p = 2 that is ρ T²∇L(w)/‖T∇L(w)‖₂, with the norm over all perturbed leaves together. Then
 * ∇L(w + ε̂) goes to the base optimizer. At ρ = 0 it is the base optimizer exactly.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(momentum({ learningRate: 0.1 }), asam({ rho: 0.5 }), float64);
 * ```
 * @see Kwon, Kim, Park, Choi, "ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of Deep
 * Neural Networks" (ICML 2021), equation 8 and Algorithm 1; reference implementation SamsungLabs/ASAM. Paper
 * and implementation differ in T: the paper's is |w| (with η in its experiments) for all, the implementation's
 * 1 for each leaf whose name does not hold "weight", which in PyTorch are biases and β; we follow the latter.
 * davda54/sam's `adaptive` has η = 0 and lets every leaf adapt: `{ eta: 0, adaptive: () => true }`. It adds
 * 1e-16 to the norm, and we nothing.
 */
export function asam(options: AsamOptions = {}): Variant {
  const settled = settings('asam', options, {
    rho: { default: 0.5, is: 'schedule' },
    eta: { default: 0.01, min: 0 },
    p: { default: 2, above: 1, orInfinity: true },
    adaptive: { default: ['weight', 'gamma'], is: 'selector' },
  });
  const { rho, eta, p, adaptive } = settled;
  return define({
    name: 'asam',
    equation: 'ε̂ = ρ T²g/‖Tg‖, T = |w| + η; step ∇L(w + ε̂)',
    options: settled,
    gradients: 2,
    limit: 'exact',
    *step(given) {
      const { math, weights: w, select, roles } = given;
      const { add, mul } = math;
      const radius = valueAt('asam: rho', rho, given);

      const { gradient: g } = yield* evaluate(w); // ∇L_B(w)
      const t = elementwise(math, w, roles, { eta, adaptive }); // T_w
      const epsilon = mul(t, steepest(math, radius, mul(t, select(g)), p)); // ε̂ = ρ T²g/‖Tg‖
      const { gradient } = yield* evaluate(add(w, epsilon));
      return { direction: gradient };
    },
  });
}
