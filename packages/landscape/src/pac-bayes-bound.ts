import { read, settings } from '@flatmin/core';
import { ascend } from './ascent.ts';
import type { Measure } from './measure.ts';
import { ascentSteps, radius } from './options.ts';
import { type PacBayesBound, pacBayes } from './pac-bayes.ts';
import { sizeOf } from './random-trees.ts';
import { scope } from './scope.ts';

/** Options of {@link pacBayesBound}. */
export interface PacBayesBoundOptions {
  /** n, how many samples the loss is of. */
  readonly samples: number;
  /** ρ, the radius of the ball. Default 0.05. */
  readonly rho?: number;
  /** δ: the bound holds with probability 1 − δ over the samples. Default 0.05. */
  readonly delta?: number;
  /** The ascent steps that look for the worst weights in the ball. Default 1. */
  readonly ascentSteps?: number;
}

/**
 * {@link pacBayes} of a network: k and ‖w‖ from its weights, and the worst loss within ρ from its landscape.
 *
 * The loss has to be in [0, 1]: give the share of wrong answers, or a clipped loss, as the landscape's `loss`; `evaluate`
 * may be of another, such as the cross-entropy, whose gradient then leads the ascent. The worst loss that the ascent
 * finds, that of the weights themselves included, is at most the maximum that the theorem speaks of, so the number is an
 * estimate of the bound from below.
 *
 * @throws RangeError for options that make no sense; from the measure, for a loss that is not in [0, 1], and where there
 * are no weights
 * @example
 * ```ts
 * const bound = measure(pacBayesBound({ samples: 60_000 }), { ...landscape, loss: shareOfWrongAnswers });
 * console.log(describePacBayes(bound));
 * ```
 * @see Foret et al., "Sharpness-Aware Minimization for Efficiently Improving Generalization" (ICLR 2021), theorem 2
 */
export function pacBayesBound(options: PacBayesBoundOptions): Measure<PacBayesBound> {
  const settled = settings<PacBayesBoundOptions>('pacBayesBound', options, {
    samples: { min: 2, integer: true },
    rho: radius,
    delta: { default: 0.05, above: 0, below: 1 },
    ascentSteps,
  });
  const { samples, rho, delta } = settled;
  return function* ({ math, weights: w }) {
    const parameters = sizeOf('pacBayesBound', math, w);
    const { loss, perturbedLoss } = yield* ascend(math, w, { ...settled, lossAlone: true });
    const sharpLoss = Math.max(inUnit('w', loss), inUnit('w + ε', perturbedLoss)); // ε = 0 is in the ball, too
    const weightNorm = yield* scope(math, ({ norm }) => read(norm(w)));
    return pacBayes({ parameters, samples, weightNorm, rho, sharpLoss, delta });
  };
}

// A mean of batches may leave [0, 1] by the rounding of its sum.
const ROUNDING = 1e-6;

function inUnit(where: string, loss: number): number {
  if (loss >= -ROUNDING && loss <= 1 + ROUNDING) return Math.min(Math.max(loss, 0), 1);
  throw new RangeError(
    `pacBayesBound: the loss at ${where} is ${loss}; give the landscape a loss in [0, 1], such as the share of wrong answers.`,
  );
}
