import { type Entry, entries, map, type ParamTree } from './tree.ts';

/** Which leaves are meant: a pattern that the path matches, or a function of path and leaf. */
export type Selector<T = unknown> = RegExp | ((path: string, leaf: T) => boolean);

// A global or sticky pattern remembers where it stopped; a search from the start does not.
const matches = <T>(selector: Selector<T>, path: string, leaf: T): boolean =>
  selector instanceof RegExp ? path.search(selector) >= 0 : selector(path, leaf);

/**
 * The leaves whose path (or value) a selector names, with their paths.
 *
 * @example
 * ```ts
 * select(/bias$/, { dense: { kernel: 1, bias: 2 } }); // [['dense/bias', 2]]
 * ```
 */
export function select<T>(selector: Selector<T>, tree: ParamTree<T>): Entry<T>[] {
  return entries(tree).filter(([path, leaf]) => matches(selector, path, leaf));
}

/**
 * A tree of the same structure that holds true at the selected leaves.
 *
 * @example
 * ```ts
 * mask(/bias$/, { dense: { kernel: 1, bias: 2 } }); // { dense: { kernel: false, bias: true } }
 * ```
 */
export function mask<T>(selector: Selector<T>, tree: ParamTree<T>): ParamTree<boolean> {
  return map<T, boolean>((leaf, path) => matches(selector, path, leaf), tree);
}

/**
 * Applies a function to the selected leaves and keeps the others as they are.
 *
 * @example
 * ```ts
 * mapSelected(/bias$/, () => 0, { kernel: 1, bias: 2 }); // { kernel: 1, bias: 0 }
 * ```
 */
export function mapSelected<T, S extends ParamTree<T>>(
  selector: Selector<T>,
  f: (leaf: T, path: string) => T,
  tree: S,
): S {
  return map((leaf: T, path) => (matches(selector, path, leaf) ? f(leaf, path) : leaf), tree);
}
