import { define, evaluate, type Schedule, settings, type Variant, valueAt } from '@flatmin/core';

/** Options of {@link wsam}. */
export interface WsamOptions {
  /** ρ, the radius of the ball in which the worst weights are sought, or its schedule. Default 0.05. */
  readonly rho?: Schedule;
  /** γ: sharpness weighs a = γ/(1−γ) times as much as the loss; in [0, 1). Default 0.9. */
  readonly gamma?: number;
  /**
   * `decoupled` (default): the base optimizer steps on the loss's gradient alone, and sharpness is lowered beside
   * it, as weight decay is in AdamW. `coupled`: the base optimizer takes both.
   */
  readonly mode?: 'decoupled' | 'coupled';
}

/**
 * Weighted SAM: sharpness is a regularization term with a weight of its own. Two gradients a step.
 *
 * g = ∇L(w), g̃ = ∇L(w + ρ g/‖g‖), a = γ/(1−γ). Coupled: the direction is a g̃ + (1−a) g. Decoupled: the direction is
 * g, and after the base optimizer's step w ← w − ηa(g̃ − g). At ρ = 0 decoupled is the base optimizer exactly and
 * coupled up to rounding; with γ = ½ coupled is SAM.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sharpnessAware(adamw({ learningRate: 1e-3 }), wsam({ rho: 0.05, gamma: 0.9 }), float64);
 * ```
 * @see Yue, Jiang, Ye, Gao, Liu, Zhang, "Sharpness-Aware Minimization Revisited: Weighted Sharpness as a
 * Regularization Term" (KDD 2023), Algorithm 1 (and 2, coupled); reference implementation
 * intelligent-machine-learning/atorch `wsam.py`. It adds 1e-12 to the norm, and we nothing; its `adaptive` scales by
 * w², which is not offered here.
 */
export function wsam(options: WsamOptions = {}): Variant {
  const settled = settings('wsam', options, {
    rho: { default: 0.05, is: 'schedule' },
    gamma: { default: 0.9, min: 0, below: 1 },
    mode: { default: 'decoupled', is: ['decoupled', 'coupled'] },
  });
  const { rho, gamma, mode } = settled;
  const a = gamma / (1 - gamma);
  return define({
    name: 'wsam',
    equation: 'g̃ = ∇L(w + ρ g/‖g‖), a = γ/(1−γ); step g, then w −= ηa(g̃ − g); coupled: step a g̃ + (1−a)g',
    options: settled,
    gradients: 2,
    limit: mode === 'decoupled' ? 'exact' : 'rounding',
    *step(given) {
      const { math, weights: w, select, learningRate: eta } = given;
      const { addOfLength, addScaled, scale, sub } = math;
      const radius = valueAt('wsam: rho', rho, given);

      const { gradient: g } = yield* evaluate(w);
      const { gradient: perturbed } = yield* evaluate(addOfLength(w, radius, select(g))); // g̃
      if (mode === 'coupled') return { direction: addScaled(scale(perturbed, a), 1 - a, g) }; // a g̃ + (1−a)g
      return { direction: g, shift: scale(sub(perturbed, g), -eta * a) }; // w ← w − ηa(g̃ − g)
    },
  });
}
