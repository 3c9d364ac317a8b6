import { accumulates } from './accumulate.ts';
import { mapGradients } from './gradient-count.ts';
import { checkNumber } from './options.ts';
import { evaluate } from './protocol.ts';
import type { Variant } from './variant.ts';

/**
 * The variant at every k-th step (the first, then each k-th after it); the plain gradient between.
 *
 * @throws RangeError when k is not an integer of at least 1, or the variant accumulates
 * @example
 * ```ts
 * every(5, sam({ rho: 0.05 })); // 1.2 gradients a step
 * ```
 */
export function every(k: number, variant: Variant): Variant {
  checkNumber('every', 'k', k, { min: 1, integer: true });
  if (k > 1 && accumulates(variant)) {
    throw new RangeError(
      `every: ${variant.name} accumulates, and would miss steps of its updates; accumulate outside, as in accumulate(4, every(2, sam())).`,
    );
  }
  return {
    ...variant,
    name: `every-${k}-${variant.name}`,
    options: { k },
    made: { by: 'every', of: variant },
    ...mapGradients(variant, (gradients, step) => (step % k === 0 ? gradients : 1)),
    *step(given) {
      if (given.step % k === 0) return yield* variant.step(given);
      const { gradient: g } = yield* evaluate(given.weights);
      return { direction: g };
    },
  };
}
