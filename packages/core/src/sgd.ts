import { type BaseOptimizer, defineBase } from './base.ts';
import { checkKeys, checkLearningRate } from './options.ts';
import type { Schedule } from './schedule.ts';

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** η, or its schedule. */
  readonly learningRate: Schedule;
}

/**
 * Stochastic gradient descent: w ← w − ηg.
 *
 * @throws RangeError for options that make no sense
 * @example
 * ```ts
 * sgd({ learningRate: 0.1 });
 * ```
 */
export function sgd(options: SgdOptions): BaseOptimizer {
  const { learningRate } = options;
  checkKeys('sgd', options, ['learningRate']);
  checkLearningRate('sgd', learningRate);
  return defineBase({
    name: 'sgd',
    learningRate,
    update: ({ math: { addScaled }, weights: w, direction: g, learningRate: eta }) => ({
      weights: addScaled(w, -eta, g), // w ← w − ηg
    }),
  });
}
