import { evaluate, losses, type ParamTree, type Procedure } from '@flatmin/core';

/** Loss and gradient of which the loss is on the host. */
export interface LossAndSlope<T> {
  /** L */
  readonly loss: number;
  /** ∇L, in the structure of the weights. */
  readonly gradient: ParamTree<T>;
}

/**
 * L(w) on the host, without a gradient where the host has that cheaper.
 *
 * It is asked for as the losses of the samples, of which it is the mean: a landscape answers with one number, its
 * data as a whole; a host that has the loss of each sample serves as well. A number never passes through a leaf, so
 * it keeps its digits where leaves are of float32.
 *
 * @example
 * ```ts
 * const rise = (yield* lossAt(add(w, epsilon))) - (yield* lossAt(w));
 * ```
 */
export function* lossAt<T>(weights: ParamTree<T>): Procedure<T, number> {
  return mean(yield* losses(weights));
}

/** {@link lossAt} together with the gradient. */
export function* lossAndSlope<T>(weights: ParamTree<T>): Procedure<T, LossAndSlope<T>> {
  const { gradient, losses = [] } = yield* evaluate(weights, { losses: true });
  return { loss: mean(losses), gradient };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
