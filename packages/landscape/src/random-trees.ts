import type { ParamTree, TreeMath } from '@flatmin/core';
import { leaves, map, scramble, uniforms } from '@flatmin/tree';

/**
 * A stream of random trees of standard normal numbers; the same for the same seed, on the same backend.
 *
 * @example
 * ```ts
 * const next = normalTrees(0);
 * const v = next(math, weights);
 * ```
 */
export function normalTrees(seed: number): <T>(math: TreeMath<T>, like: ParamTree<T>) => ParamTree<T> {
  const uniform = uniforms(scramble(seed));
  return <T>({ leaf }: TreeMath<T>, like: ParamTree<T>) =>
    map<T, T>((x) => leaf.normal(x, Math.floor(uniform() * 2 ** 31)), like);
}

/** The same of numbers that are −1 or 1 with even odds. */
export function signTrees(seed: number): ReturnType<typeof normalTrees> {
  const normal = normalTrees(seed);
  return (math, like) => math.map((x) => math.leaf.sign(x), normal(math, like));
}

/**
 * How many weights there are, over all leaves.
 *
 * @param owner whose weights they are, to begin the error's sentence
 * @throws RangeError where there are none
 */
export function sizeOf<T>(owner: string, { leaf }: TreeMath<T>, weights: ParamTree<T>): number {
  let size = 0;
  for (const one of leaves(weights)) size += leaf.shape(one).reduce((product, length) => product * length, 1);
  if (size === 0) throw new RangeError(`${owner}: there are 0 weights; give a tree with at least one.`);
  return size;
}
