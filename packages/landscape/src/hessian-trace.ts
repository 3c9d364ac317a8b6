import { read } from '@flatmin/core';
import { checkFinite, differenceLength, hessianProduct } from './hessian-product.ts';
import type { Measure } from './measure.ts';
import { type DifferenceOptions, differenceSettings, seed, times } from './options.ts';
import { normalTrees, signTrees } from './random-trees.ts';
import { scope } from './scope.ts';

/** What random vectors are made of: −1 and 1, or standard normal numbers. */
export type ProbeDistribution = 'rademacher' | 'normal';

/** Options of {@link hessianTrace}. */
export interface HessianTraceOptions extends DifferenceOptions {
  /** How many random vectors. Default 20. */
  readonly probes?: number;
  /** What they are made of. Default `rademacher`, which has the smaller variance. */
  readonly distribution?: ProbeDistribution;
  /** Seed of the draws. Default 0. */
  readonly seed?: number;
}

/** An estimate of tr H. */
export interface HessianTrace {
  /** The mean over the probes. */
  readonly trace: number;
  /** The standard error of the mean; NaN with one probe. */
  readonly standardError: number;
  /** vᵀHv of each probe. */
  readonly samples: readonly number[];
}

/**
 * The trace of the Hessian by Hutchinson's estimator: the mean of vᵀHv over random v with E[vvᵀ] = 1. Two gradients a
 * probe.
 *
 * With v of −1 and 1 the variance is 2 Σ_{i≠j} H_ij², with normal numbers 2 Σ_ij H_ij².
 *
 * @throws RangeError for options that make no sense
 * @throws NonFiniteError when a product with the Hessian is not finite
 * @example
 * ```ts
 * const { trace, standardError } = measure(hessianTrace({ probes: 50 }), { weights, algebra: float64, evaluate });
 * ```
 * @see Hutchinson, "A stochastic estimator of the trace of the influence matrix" (1990); Yao et al., "PyHessian"
 * (2020)
 */
export function hessianTrace(options: HessianTraceOptions = {}): Measure<HessianTrace> {
  const known = {
    probes: times(20),
    distribution: { default: 'rademacher', is: ['rademacher', 'normal'] },
    seed,
  } as const;
  const { probes, distribution, seed: from, h } = differenceSettings('hessianTrace', options, known);
  return function* ({ math, weights: w }) {
    const r = yield* differenceLength(math, w, h);
    const draw = (distribution === 'normal' ? normalTrees : signTrees)(from);
    const samples: number[] = [];
    for (let i = 0; i < probes; i++) {
      const sample = yield* scope(math, function* (math) {
        const v = draw(math, w);
        return yield* read(math.dot(v, yield* hessianProduct(math, w, v, r))); // vᵀHv
      });
      samples.push(checkFinite('hessianTrace', sample));
    }
    const trace = meanOf(samples);
    const variance = samples.reduce((sum, x) => sum + (x - trace) ** 2, 0) / (probes - 1);
    return { trace, standardError: Math.sqrt(variance / probes), samples };
  };
}

const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
