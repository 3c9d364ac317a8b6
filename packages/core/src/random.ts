import { map, type ParamTree, scramble, type TreeMath, uniforms } from '@flatmin/tree';

/** Seeded draws for a variant. They depend on seed, step and order alone, so a step done again draws the same. */
export interface Random<T> {
  /** A number in [0, 1). */
  uniform(): number;
  /** Standard normal numbers in the shape of a tree. */
  normal<S extends ParamTree<T>>(like: S): S;
}

/** The draws of one step: nothing is carried from step to step, so there is no state to save or to restore. */
export function randomOf<T>({ leaf }: TreeMath<T>, seed: number, step: number): Random<T> {
  const uniform = uniforms(scramble(scramble(seed) + step));
  return {
    uniform,
    normal: (like) => map((x: T) => leaf.normal(x, Math.floor(uniform() * 2 ** 31)), like),
  };
}
