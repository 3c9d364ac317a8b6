import { type ParamTree, type Procedure, read, type TreeMath } from '@flatmin/core';
import { lossAndSlope, lossAt } from './losses.ts';
import { release, scope } from './scope.ts';

/** How to look for the worst weights near w. */
export interface Ascent<T> {
  /** ρ, the radius of the ball. */
  readonly rho: number;
  /** k, the ascent steps. */
  readonly ascentSteps: number;
  /** T, the width of the ball along each weight: the ball is ‖T⁻¹ε‖ ≤ ρ. Default: 1, the Euclidean ball. */
  readonly metric?: ParamTree<T>;
  /** Whether losses are asked for by themselves, because they are not those whose gradients lead the way. */
  readonly lossAlone?: boolean;
}

/** What an ascent found. */
export interface Ascended {
  /** L(w) */
  readonly loss: number;
  /** L(w + ε) of one step; of several the largest that was met, L(w) among them. NaN when one was. */
  readonly perturbedLoss: number;
}

/**
 * Climbs from w to bad weights in the ball ‖T⁻¹ε‖ ≤ ρ by projected gradient ascent, with normalised steps as long as
 * the ball is wide, and tells the worst that it met:
 *
 * u₁ = ρ Tg/‖Tg‖, then u ← Π(u + ρ T∇L(w + Tu)/‖…‖), where ε = Tu, and Π puts back what left the ball ‖u‖ ≤ ρ.
 *
 * Where a step on the surface no longer changes u, the gradient is orthogonal to the surface: what a maximum there
 * needs. One step is SAM's ε̂. k steps are k gradients and a loss; with `lossAlone` k + 1 losses. All leaves are freed.
 */
export const ascend = <T>(math: TreeMath<T>, w: ParamTree<T>, ascent: Ascent<T>): Procedure<T, Ascended> =>
  scope(math, (math) => climb(math, w, ascent));

function* climb<T>(math: TreeMath<T>, w: ParamTree<T>, ascent: Ascent<T>): Procedure<T, Ascended> {
  const { rho, ascentSteps, metric, lossAlone } = ascent;
  const wide = <S extends ParamTree<T>>({ mul }: TreeMath<T>, tree: S): S =>
    metric === undefined ? tree : mul(tree, metric);
  const lossHere = function* (at: ParamTree<T>, loss: number): Procedure<T, number> {
    return lossAlone ? yield* lossAt(at) : loss;
  };

  const { loss, first } = yield* scope(math, function* (math, keep) {
    const { loss, gradient: g } = yield* lossAndSlope(w);
    return { loss: yield* lossHere(w, loss), first: keep(math.ofLength(rho, wide(math, g))) }; // ρ Tg/‖Tg‖
  });
  let u: ParamTree<T> = first;
  // One step is SAM's, wherever it leads; several seek the maximum, and w is in the ball as well.
  let worst = ascentSteps === 1 ? Number.NEGATIVE_INFINITY : loss;
  for (let k = 1; k <= ascentSteps; k++) {
    const { perturbedLoss, next } = yield* scope(math, function* (math, keep) {
      const there = math.add(w, wide(math, u)); // w + Tu
      if (k === ascentSteps) return { perturbedLoss: yield* lossAt(there), next: u };
      const { loss, gradient } = yield* lossAndSlope(there);
      const next = yield* inBall(math, rho, math.add(u, math.ofLength(rho, wide(math, gradient))));
      return { perturbedLoss: yield* lossHere(there, loss), next: keep(next) };
    });
    if (next !== u) release(math, u);
    u = next;
    worst = Math.max(worst, perturbedLoss);
    if (Number.isNaN(worst)) break;
  }
  return { loss, perturbedLoss: worst };
}

// Π: what lies outside goes back to the surface.
function* inBall<T>(math: TreeMath<T>, rho: number, u: ParamTree<T>): Procedure<T, ParamTree<T>> {
  const length = yield* read(math.norm(u));
  return length > rho ? math.scale(u, rho / length) : u;
}
