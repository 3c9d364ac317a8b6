import { checkNumber, type ParamTree, type Procedure, type TreeMath } from '@flatmin/core';
import { differenceLength } from './hessian-product.ts';
import { type Lanczos, lanczos } from './lanczos.ts';
import type { Given, Measure } from './measure.ts';
import { type DifferenceOptions, differenceSettings, seed, times } from './options.ts';
import { normalTrees, sizeOf } from './random-trees.ts';
import { release, scope, tidied } from './scope.ts';
import { type Eigenpair, eigenpairs } from './tridiagonal.ts';

/** Options of {@link hessianEigenvalues} and {@link hessianEigenvectors}. */
export interface HessianEigenvaluesOptions extends DifferenceOptions {
  /** How many of the largest eigenvalues. Default 1. */
  readonly count?: number;
  /** m, the iterations: two gradients each, and a copy of the weights until the last. Default 20, or 2 `count`. */
  readonly iterations?: number;
  /** Seed of the vector to begin with. Default 0. */
  readonly seed?: number;
}

/** An eigenvalue of the Hessian, and how well it is known. */
export interface HessianEigenvalue {
  /** θ */
  readonly value: number;
  /**
   * ‖Hx − θx‖ of its vector x, as the iteration estimates it: an eigenvalue of H is within this of θ. The error of the
   * differences that stand for H is not in it.
   */
  readonly residual: number;
}

/** What {@link hessianEigenvalues} found. */
export interface HessianEigenvalues {
  /** The largest, in descending order. */
  readonly eigenvalues: readonly HessianEigenvalue[];
  /**
   * The smallest that the iteration knows of. Where it is negative, the loss is not convex there; at weights whose
   * gradient is zero that is a saddle or a maximum. Below the error of the differences, about 1e-4 of the largest
   * eigenvalue in float32 and 1e-10 in float64, its sign is noise.
   */
  readonly smallest: HessianEigenvalue;
}

/** A {@link HessianEigenvalue} with its vector. */
export interface HessianEigenvector<T> extends HessianEigenvalue {
  /** x, of length 1, in the structure of the weights. Its leaves belong to the caller. */
  readonly vector: ParamTree<T>;
}

/**
 * The largest eigenvalues of the Hessian, and the smallest, by Lanczos iteration with full reorthogonalisation on
 * differences of gradients.
 *
 * T = QᵀHQ in the space of the first m products with H is tridiagonal; its eigenvalues θ are those of H from the ends of
 * the spectrum inwards, each with the residual |β_m s_m|, where s_m is the last element of its vector in T. With as many
 * iterations as weights they are all there.
 *
 * @throws RangeError for options that make no sense; from the measure, when there are no weights, or fewer than `count`
 * @throws NonFiniteError from the measure, when a product with the Hessian is not finite
 * @example
 * ```ts
 * const { eigenvalues, smallest } = measure(hessianEigenvalues({ count: 5 }), { weights, algebra: float64, evaluate });
 * ```
 * @see Lanczos (1950); Golub, Van Loan, "Matrix Computations", sections 10.1 to 10.3; for networks Sagun, Bottou, LeCun,
 * "Eigenvalues of the Hessian in Deep Learning" (2016)
 */
export function hessianEigenvalues(options: HessianEigenvaluesOptions = {}): Measure<HessianEigenvalues> {
  const settled = check('hessianEigenvalues', options);
  return ({ math, weights }) =>
    scope(math, function* (math) {
      const { pairs, residual } = yield* ritz(math, weights, settled);
      const known = (pair: Eigenpair): HessianEigenvalue => ({ value: pair.value, residual: residual(pair) });
      return { eigenvalues: pairs.slice(0, settled.count).map(known), smallest: known(pairs.at(-1)!) };
    });
}

/**
 * {@link hessianEigenvalues} with their vectors: directions in which the loss is most curved.
 *
 * x = Q s, with s the vector of θ in T. The vectors are handed out by the `keep` that the measure is given. A measure
 * that uses them on its way hands on one that keeps nothing, and they are freed with all else that it computes: at its
 * end, at the end of a {@link scope} whose `math` it hands on, or by `math.leaf.dispose`.
 *
 * @throws RangeError and NonFiniteError as {@link hessianEigenvalues} does
 * @example
 * ```ts
 * const [{ vector }] = measure(hessianEigenvectors(), landscape);
 * measure(surface1d({ direction: vector }), landscape);
 * ```
 * @example As a part of another measure
 * ```ts
 * const along = function* (given) {
 *   const [{ vector }] = yield* hessianEigenvectors()({ ...given, keep: (tree) => tree });
 *   return yield* surface1d({ direction: vector })(given);
 * };
 * ```
 */
export function hessianEigenvectors(
  options: HessianEigenvaluesOptions = {},
): <T>(given: Given<T>) => Procedure<T, HessianEigenvector<T>[]> {
  const settled = check('hessianEigenvectors', options);
  return function* ({ math, weights, keep }) {
    const found = yield* scope(math, function* (math, keep) {
      const { pairs, residual, basis } = yield* ritz(math, weights, settled);
      return pairs.slice(0, settled.count).map((pair) => ({
        value: pair.value,
        residual: residual(pair),
        vector: keep(combined(math, basis, pair.vector)),
      }));
    });
    return found.map((one) => ({ ...one, vector: keep(one.vector) }));
  };
}

interface Settled {
  readonly owner: string;
  readonly count: number;
  readonly iterations: number;
  readonly seed: number;
  readonly h: number | undefined;
}

function check(owner: string, options: HessianEigenvaluesOptions): Settled {
  const { count: wanted = 1 } = options;
  const settled = differenceSettings(owner, options, {
    count: times(1),
    iterations: times(Math.max(20, 2 * wanted)),
    seed,
  });
  checkNumber(owner, 'iterations', settled.iterations, { min: settled.count, integer: true });
  return { owner, ...settled };
}

interface Ritz<T> extends Lanczos<T> {
  readonly pairs: readonly Eigenpair[];
  /** |β_m s_m| */
  residual(pair: Eigenpair): number;
}

function* ritz<T>(
  math: TreeMath<T>,
  w: ParamTree<T>,
  { owner, count, iterations, seed, h }: Settled,
): Procedure<T, Ritz<T>> {
  const size = sizeOf(owner, math, w);
  if (count > size) throw new RangeError(`${owner}: count is ${count} and there are ${size} weights; ask for no more.`);
  const r = yield* differenceLength(math, w, h);
  const draw = normalTrees(seed);
  const found = yield* lanczos(math, w, { owner, iterations: Math.min(iterations, size), r, draw });
  const residual = ({ vector }: Eigenpair): number => Math.abs(found.remainder * vector.at(-1)!);
  return { ...found, pairs: eigenpairs(found), residual };
}

// Qs, of length 1 to rounding already.
function combined<T>(math: TreeMath<T>, basis: readonly ParamTree<T>[], s: readonly number[]): ParamTree<T> {
  let sum: ParamTree<T> = math.full(basis[0]!, 0);
  for (const [j, q] of basis.entries()) {
    const before = sum;
    sum = tidied(math, ({ addScaled }) => addScaled(before, s[j]!, q));
    release(math, before);
  }
  const unit = tidied(math, ({ ofLength }) => ofLength(1, sum));
  release(math, sum);
  return unit;
}
