import { entries, map, type ParamTree } from './tree.ts';

/** A tree's shape without its leaves: each leaf is replaced by its position. */
export type TreeStructure = ParamTree<number>;

/** A tree taken apart: its leaves in order, and what puts them together again. */
export interface FlatTree<T> {
  /** The leaves, in the tree's order. */
  readonly leaves: readonly T[];
  /** Where they stand. */
  readonly structure: TreeStructure;
}

/**
 * Takes a tree apart into a list of leaves and a structure.
 *
 * `unflatten(structure, leaves)` is the inverse: it gives an equal tree.
 *
 * @example
 * ```ts
 * flatten({ w: 'a', b: ['c'] }); // { leaves: ['a', 'c'], structure: { w: 0, b: [1] } }
 * ```
 */
export function flatten<T>(tree: ParamTree<T>): FlatTree<T> {
  let position = 0;
  const structure = map<T, number>(() => position++, tree);
  return { leaves: entries(tree).map(([, leaf]) => leaf), structure };
}

/**
 * Puts leaves into a structure made by {@link flatten}.
 *
 * @throws RangeError when the number of leaves is not the structure's
 */
export function unflatten<T>(structure: TreeStructure, leaves: readonly T[]): ParamTree<T> {
  const places = entries(structure).length;
  if (places !== leaves.length) {
    throw new RangeError(
      `unflatten: the structure holds ${places} leaves and ${leaves.length} were given; give ${places}.`,
    );
  }
  return map<number, T>((position) => leaves[position] as T, structure);
}
