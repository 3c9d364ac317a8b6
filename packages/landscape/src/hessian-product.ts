import { evaluate, NonFiniteError, type ParamTree, type Procedure, read, type TreeMath } from '@flatmin/core';
import { scope } from './scope.ts';

/**
 * Hv at w, by a central difference of gradients: ‖v‖ (∇L(w + r v̂) − ∇L(w − r v̂))/2r. Exact on quadratics but for
 * rounding, else with an error of r²; zeros where v is zero. Two gradients.
 *
 * @param r the length of the difference, by {@link differenceLength}
 */
export function* hessianProduct<T>(
  math: TreeMath<T>,
  w: ParamTree<T>,
  v: ParamTree<T>,
  r: number,
): Procedure<T, ParamTree<T>> {
  return yield* scope(math, function* ({ add, leaf, norm, ofLength, scale, sub }, keep) {
    const step = ofLength(r, v); // r v̂
    const { gradient: above } = yield* evaluate(add(w, step), { probe: true });
    const { gradient: below } = yield* evaluate(sub(w, step), { probe: true });
    return keep(scale(sub(above, below), leaf.mul(norm(v), 1 / (2 * r))));
  });
}

/**
 * r = h‖w‖, the length of the differences of gradients; h where w is zero.
 *
 * The default of h balances two errors. Rounding w ± r v̂ moves it by up to u‖w‖, where u is the unit roundoff of the
 * leaves, which makes an error of u‖w‖/r in Hv, in parts of the largest eigenvalue; the difference itself has one of
 * r²/6s², where s is the length over which curvature changes. Both are least near r = (3u‖w‖s²)^⅓. For s = ‖w‖/14 that
 * is u^⅓/4 · ‖w‖, and together they are 1e-4 in float32 and 1e-10 in float64.
 *
 * @param h in parts of ‖w‖
 */
export function* differenceLength<T>(math: TreeMath<T>, w: ParamTree<T>, h: number | undefined): Procedure<T, number> {
  return yield* scope(math, function* (math) {
    const length = yield* read(math.norm(w));
    return (h ?? Math.cbrt(yield* unitRoundoff(math)) / 4) * (length === 0 ? 1 : length);
  });
}

/**
 * What a measure reads of a product with the Hessian.
 *
 * @throws NonFiniteError
 */
export function checkFinite(owner: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new NonFiniteError(
    `${owner}: a product with the Hessian is not finite; give weights near which loss and gradient are.`,
  );
}

/** u, half the distance from 1 to the next number of the leaves: 2⁻⁵³, 2⁻²⁴, or 2⁻¹¹ of half floats. */
export function* unitRoundoff<T>({ leaf }: TreeMath<T>): Procedure<T, number> {
  for (const bits of [53, 24]) {
    const more = leaf.add(leaf.scalar(1), 2 ** (1 - bits));
    if ((yield* read(leaf.sub(more, 1))) > 0) return 2 ** -bits;
  }
  return 2 ** -11;
}
