import type { ParamTree, TreeMath } from '@flatmin/tree';

/**
 * The point of the ball ‖ε‖_p ≤ ρ at which the linear function gᵀε is largest:
 * ε̂ = ρ sign(g)|g|^(q−1)/(‖g‖_q^q)^(1/p) with 1/p + 1/q = 1; zero where g is zero.
 *
 * @see Foret et al. 2021, equation 2
 */
export function steepest<T, S extends ParamTree<T>>(math: TreeMath<T>, rho: number, g: S, p: number): S {
  const { leaf, map, mul, ofLength, peak, scale, sum } = math;
  if (p === 2) return ofLength(rho, g);
  const q = p === Number.POSITIVE_INFINITY ? 1 : p / (p - 1);
  // The formula does not change when g is scaled: with 1 for the largest element, no power leaves the number range.
  const largest = peak(g);
  const size = map((x: T) => leaf.guard(largest, leaf.div(leaf.abs(x), largest)), g); // |g|
  const sign = map((x: T) => leaf.sign(x), g);
  const length = leaf.pow(sum(power(math, size, q)), 1 / p); // (‖g‖_q^q)^(1/p)
  const factor = leaf.guard(length, leaf.div(leaf.scalar(rho), length));
  return scale(mul(sign, power(math, size, q - 1)), factor);
}

const power = <T, S extends ParamTree<T>>({ leaf, map }: TreeMath<T>, tree: S, exponent: number): S =>
  map((x: T) => leaf.pow(x, exponent), tree);

/** w + ε̂ for the ε̂ of {@link steepest}; on the common ball of p = 2 without a tree for ε̂ itself. */
export function addSteepest<T, S extends ParamTree<T>>(
  math: TreeMath<T>,
  weights: S,
  rho: number,
  g: ParamTree<T>,
  p: number,
): S {
  return p === 2 ? math.addOfLength(weights, rho, g) : math.add(weights, steepest(math, rho, g, p));
}
