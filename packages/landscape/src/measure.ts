import {
  type Algebra,
  drive,
  driveAsync,
  type LossAndGradient,
  type ParamTree,
  type Procedure,
  type TreeMath,
} from '@flatmin/core';
import { Bench } from './bench.ts';
import type { Keep } from './scope.ts';

/** What is measured: a loss, at some weights. */
export interface Landscape<T, S extends ParamTree<T> = ParamTree<T>> {
  /** w, the weights around which to measure; never written. */
  readonly weights: S;
  /** The arithmetic of the backend whose leaves the weights are. */
  readonly algebra: Algebra<T>;
  /**
   * L and ∇L at the weights given: the same function each time, so on the same data, in inference mode, with the same
   * random numbers. Fresh leaves each time; they are freed for you.
   */
  evaluate(weights: S): LossAndGradient<T, NoInfer<S>>;
  /**
   * L alone, a number or a fresh scalar, where it is cheaper without the gradient. Default: that of `evaluate`. It is the
   * same loss: of another one, measures that take both are wrong. `pacBayesBound` alone takes one of its own.
   */
  loss?(weights: S): T | number;
}

/** A {@link Landscape} that may take its time. */
export interface AsyncLandscape<T, S extends ParamTree<T> = ParamTree<T>>
  extends Pick<Landscape<T, S>, 'weights' | 'algebra'> {
  /** See {@link Landscape.evaluate}. */
  evaluate(weights: S): LossAndGradient<T, NoInfer<S>> | Promise<LossAndGradient<T, NoInfer<S>>>;
  /** See {@link Landscape.loss}. */
  loss?(weights: S): T | number | Promise<T | number>;
}

/** What a measure is given. */
export interface Given<T> {
  /** The arithmetic of trees. All that it makes is freed when the measure ends. */
  readonly math: TreeMath<T>;
  /** w */
  readonly weights: ParamTree<T>;
  /**
   * Hands a tree to the caller of the measure, who then owns its leaves; where the measure fails they are freed. A
   * measure that needs such a tree of a part of itself alone gives the part a `keep` of its own: `(tree) => tree`, or that
   * of {@link scope}.
   */
  readonly keep: Keep<T>;
}

/**
 * A measure: a procedure that asks for losses and gradients, over any backend, and returns plain data. Run by
 * {@link measure} or {@link measureAsync}, or as a part of another: `yield* sharpness({ rho: 0.05 })(given)`.
 */
export type Measure<R> = <T>(given: Given<T>) => Procedure<T, R>;

/**
 * Measures on the spot. Weights are never written, all leaves made on the way are freed, whatever is thrown.
 *
 * @param what the measure, such as `sharpness({ rho: 0.05 })`
 * @param landscape the loss, and the weights around which to measure
 * @throws TypeError when an evaluation has no loss, or a gradient that is unlike the weights
 * @example
 * ```ts
 * const weights = { w: Float64Array.of(1, -2) };
 * measure(sharpness({ rho: 0.05 }), { weights, algebra: float64, evaluate: lossAndGradient });
 * ```
 */
export function measure<T, S extends ParamTree<T>, R>(
  what: (given: Given<T>) => Procedure<T, R>,
  landscape: Landscape<T, S>,
): R {
  const { algebra } = landscape;
  const bench = new Bench<T>(landscape);
  const evaluate = (weights: ParamTree<T>): LossAndGradient<T> => here(landscape.evaluate(weights as S));
  const loss = (weights: ParamTree<T>): Partial<LossAndGradient<T>> =>
    landscape.loss === undefined ? evaluate(weights) : { loss: here(landscape.loss(weights as S)) };
  try {
    return drive(
      what(bench.given),
      algebra,
      (request) => drive(bench.evaluation(request, evaluate(request.weights)), algebra),
      ({ weights }) => drive(bench.lossOf(weights, loss(weights)), algebra),
    );
  } catch (error) {
    bench.takeBack();
    throw error;
  } finally {
    bench.end();
  }
}

/** {@link measure} with functions that may take their time, and reads that do not block. */
export async function measureAsync<T, S extends ParamTree<T>, R>(
  what: (given: Given<T>) => Procedure<T, R>,
  landscape: AsyncLandscape<T, S>,
): Promise<R> {
  const { algebra } = landscape;
  const bench = new Bench<T>(landscape);
  const evaluate = async (weights: ParamTree<T>): Promise<LossAndGradient<T>> => landscape.evaluate(weights as S);
  const loss = async (weights: ParamTree<T>): Promise<Partial<LossAndGradient<T>>> =>
    landscape.loss === undefined ? evaluate(weights) : { loss: await landscape.loss(weights as S) };
  try {
    return await driveAsync(
      what(bench.given),
      algebra,
      async (request) => driveAsync(bench.evaluation(request, await evaluate(request.weights)), algebra),
      async ({ weights }) => driveAsync(bench.lossOf(weights, await loss(weights)), algebra),
    );
  } catch (error) {
    bench.takeBack();
    throw error;
  } finally {
    bench.end();
  }
}

function here<A>(answer: A): Exclude<A, Promise<unknown>> {
  if (answer instanceof Promise) {
    answer.catch(() => {}); // nobody waits for it, and its failure must not end the program
    throw new TypeError('measure: the function returned a promise; await measureAsync instead.');
  }
  return answer as Exclude<A, Promise<unknown>>;
}
