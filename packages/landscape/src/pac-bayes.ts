import { settings } from '@flatmin/core';

/** What the bound is computed from. */
export interface PacBayesInput {
  /** k, how many parameters the network has. */
  readonly parameters: number;
  /** n, how many samples `sharpLoss` is the mean of. */
  readonly samples: number;
  /** ‖w‖₂ */
  readonly weightNorm: number;
  /** ρ, the radius of the ball. */
  readonly rho: number;
  /** max L_S(w + ε) over ‖ε‖ ≤ ρ, of a loss in [0, 1] such as the share of wrong answers. */
  readonly sharpLoss: number;
  /** δ: the bound holds with probability 1 − δ over the samples. Default 0.05. */
  readonly delta?: number;
}

/** A bound of the loss on unseen data, with all that went into it. */
export interface PacBayesBound extends Required<PacBayesInput> {
  /** h(‖w‖²/ρ²), what flatness and number of samples leave open. */
  readonly complexity: number;
  /** `sharpLoss` + `complexity` */
  readonly bound: number;
  /** Whether the bound is 1 or more, which a loss in [0, 1] never exceeds: it says nothing then. */
  readonly vacuous: boolean;
  /** What the theorem assumes and no data can show. */
  readonly condition: string;
}

/**
 * The generalization bound that SAM was derived from, for a loss in [0, 1].
 *
 * L_D(w) ≤ max_{‖ε‖≤ρ} L_S(w + ε) + h, with
 *
 * h = √{[k log(1 + (‖w‖²/ρ²)(1 + √(log n / k))²) + 4 log(n/δ) + 8 log(6n + 3k)]/(n − 1)}
 *
 * where L_D(w) ≤ E[L_D(w + ε)] is assumed: for ε_i ∼ N(0, ρ), as the theorem is worded. The logarithm in h is
 * log(1 + ‖w‖²/(kσ²)) with σ = ρ/(√k + √log n): it is derived with noise of that σ, which stays within ρ but for a
 * probability of 1/√n, and so it is for that noise that the assumption is needed.
 *
 * For networks with more parameters than samples it is vacuous by far: it explains the form of SAM's objective, and is no
 * guarantee.
 *
 * @throws RangeError for numbers that make no sense
 * @example
 * ```ts
 * pacBayes({ parameters: 10, samples: 60_000, weightNorm: 1, rho: 0.05, sharpLoss: 0.02 }).bound; // 0.0823
 * ```
 * @see Foret et al., "Sharpness-Aware Minimization for Efficiently Improving Generalization" (ICLR 2021), theorem 2
 */
export function pacBayes(input: PacBayesInput): PacBayesBound {
  const settled = settings<PacBayesInput>('pacBayes', input, {
    parameters: { min: 1, integer: true },
    samples: { min: 2, integer: true },
    weightNorm: { min: 0 },
    rho: { above: 0 },
    sharpLoss: { min: 0, max: 1 },
    delta: { default: 0.05, above: 0, below: 1 },
  });
  const { parameters: k, samples: n, weightNorm, rho, sharpLoss, delta } = settled;
  const spread = (weightNorm / rho) ** 2 * (1 + Math.sqrt(Math.log(n) / k)) ** 2;
  const sum = k * Math.log1p(spread) + 4 * Math.log(n / delta) + 8 * Math.log(6 * n + 3 * k);
  const complexity = Math.sqrt(sum / (n - 1));
  const bound = sharpLoss + complexity;
  return { ...settled, complexity, bound, vacuous: bound >= 1, condition: conditionOf(settled) };
}

function conditionOf({ parameters: k, samples: n, rho }: PacBayesInput): string {
  const sigma = rho / (Math.sqrt(k) + Math.sqrt(Math.log(n)));
  return `random perturbations of the weights do not lower the loss on unseen data: L_D(w) ≤ E[L_D(w + ε)], worded for ε_i ∼ N(0, ρ) and needed for ε_i of deviation σ, σ = ρ/(√k + √log n) = ${short(sigma)}`;
}

/**
 * A bound in sentences, all that went into it included. The maximum in it is taken to be sought, not known: the bound is
 * told as what it is at least.
 *
 * @example
 * ```ts
 * console.log(describePacBayes(pacBayes({ … })));
 * ```
 */
export function describePacBayes({ bound, vacuous, condition, ...given }: PacBayesBound): string {
  const { parameters, samples, weightNorm, rho, sharpLoss, delta, complexity } = given;
  return [
    `k = ${parameters} parameters, n = ${samples} samples, ‖w‖ = ${short(weightNorm)}, ρ = ${short(rho)}, δ = ${delta}.`,
    `With probability 1 − δ the loss on unseen data is at most ${short(complexity)} (the complexity) more than the worst loss within ρ of the weights.`,
    `The worst loss that was found there is ${short(sharpLoss)}. So the bound is at least ${short(bound)}: an estimate from below, unless no loss within ρ is worse.`,
    vacuous
      ? 'The bound is vacuous: a loss in [0, 1] is never more than 1.'
      : 'As estimated the bound is not vacuous: it is less than 1, the most that a loss in [0, 1] can be.',
    `It assumes that ${condition}.`,
  ].join('\n');
}

// Four digits, or all of them where these would make 1 of what is less.
function short(x: number): string {
  const few = Number(x.toPrecision(4));
  return String(x < 1 && few >= 1 ? x : few);
}
