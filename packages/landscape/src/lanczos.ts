import { type ParamTree, type Procedure, read, type TreeMath } from '@flatmin/core';
import { checkFinite, hessianProduct, unitRoundoff } from './hessian-product.ts';
import type { normalTrees } from './random-trees.ts';
import { release, scope, tidied } from './scope.ts';
import type { Tridiagonal } from './tridiagonal.ts';

/** What to iterate on. */
export interface Iteration {
  /** Whose iteration it is, to begin an error's sentence. */
  readonly owner: string;
  /** m, how many products with the Hessian. */
  readonly iterations: number;
  /** r, the length of the differences that compute them. */
  readonly r: number;
  /** Draws the vector to begin with, and one each time that the space of its products is exhausted. */
  readonly draw: ReturnType<typeof normalTrees>;
}

/** H in the space that the iteration spans: H Q = Q T + a remainder in the last column. */
export interface Lanczos<T> extends Tridiagonal {
  /** Q, orthonormal trees; they belong to the scope that iterated. */
  readonly basis: readonly ParamTree<T>[];
  /** β_m, the length of the remainder. */
  readonly remainder: number;
}

/**
 * Lanczos iteration on the Hessian at w, from a random vector:
 *
 * α_j = q_jᵀHq_j, β_j q_{j+1} = Hq_j − α_j q_j − β_{j−1} q_{j−1}.
 *
 * The right side is made orthogonal to all of the basis, twice, rather than to two vectors: in float32 the basis
 * would not stay orthogonal otherwise, and eigenvalues come up several times. Where nothing is left of it, the space
 * of products is exhausted; the iteration goes on from a fresh vector with β = 0, so that multiple eigenvalues are
 * found as often as they are there.
 *
 * @see Lanczos (1950); Golub, Van Loan, "Matrix Computations", section 10.3
 */
export function* lanczos<T>(
  math: TreeMath<T>,
  w: ParamTree<T>,
  { owner, iterations, r, draw }: Iteration,
): Procedure<T, Lanczos<T>> {
  const nothing = yield* scope(math, unitRoundoff);
  const basis = [tidied(math, (math) => math.ofLength(1, draw(math, w)))];
  const [diagonal, offDiagonal]: [number[], number[]] = [[], []];
  let largest = 0;
  for (;;) {
    const { alpha, beta, exhausted, next } = yield* scope(math, function* (math, keep) {
      const q = basis.at(-1)!;
      const product = yield* hessianProduct(math, w, q, r); // Hq_j
      const rest = orthogonalTo(basis, math, product);
      const alpha = checkFinite(owner, yield* read(math.dot(q, product)));
      const beta = checkFinite(owner, yield* read(math.norm(rest)));
      largest = Math.max(largest, Math.abs(alpha), beta);
      const exhausted = beta <= nothing * largest;
      // The last remainder is of no use, and no copy of the weights is held for it.
      if (basis.length >= iterations) return { alpha, beta, exhausted };
      const onwards = exhausted ? orthogonalTo(basis, math, draw(math, w)) : rest;
      return { alpha, beta, exhausted, next: keep(math.ofLength(1, onwards)) };
    });
    diagonal.push(alpha);
    if (next === undefined) return { diagonal, offDiagonal, basis, remainder: beta };
    offDiagonal.push(exhausted ? 0 : beta);
    basis.push(next);
  }
}

// Once leaves a part of u‖v‖ in the basis, much when little of v is left; twice is enough (Kahan and Parlett).
function orthogonalTo<T>(basis: readonly ParamTree<T>[], math: TreeMath<T>, v: ParamTree<T>): ParamTree<T> {
  let rest = v;
  for (const q of [...basis, ...basis]) {
    const before = rest;
    rest = tidied(math, ({ addScaled, dot, leaf }) => addScaled(before, leaf.mul(dot(q, before), -1), q));
    if (before !== v) release(math, before);
  }
  return rest;
}
