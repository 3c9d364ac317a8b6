import { type Algebra, map, type ParamTree } from '@flatmin/core';
import type { SyncBackend } from './backend.ts';
import { show } from './check.ts';
import type { NetworkLeaf } from './network-problem.ts';

/** Numbers of weights, or of their gradient, by path. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** The numbers of a tree's leaves by path, in the tree's order. */
export function numbersByPath<T>(tree: ParamTree<T>, { numbers }: Pick<SyncBackend<T>, 'numbers'>): Numbers {
  const found: Record<string, readonly number[]> = {};
  map((leaf: T, path) => {
    found[path] = numbers(leaf);
    return leaf;
  }, tree);
  return found;
}

/** A list of numbers cut into leaves: by path, nested records. */
export function treeFrom<T>(
  leaves: readonly NetworkLeaf[],
  numbers: readonly number[],
  { from }: Pick<SyncBackend<T>, 'from'>,
): ParamTree<T> {
  const tree: Record<string, Record<string, T>> = {};
  let position = 0;
  for (const { path, shape } of leaves) {
    const [layer, name] = path.split('/') as [string, string];
    const next = position + sizeOf(shape);
    tree[layer] = { ...tree[layer], [name]: from(numbers.slice(position, next), shape) };
    position = next;
  }
  return tree;
}

/** How many elements a leaf of this shape has. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** A tree with each leaf's shape in its place, in words. */
export const shapesOf = <T>(tree: ParamTree<T>, { shape }: Pick<Algebra<T>, 'shape'>): string =>
  show(map<T, readonly number[]>((leaf) => shape(leaf), tree));

/** A difference between two lists of numbers by path, in words. */
export interface Difference {
  readonly expected: string;
  readonly found: string;
}

/** The first element in which two differ, bit for bit; undefined where they are the same. */
export function difference(expected: Numbers, found: Numbers): Difference | undefined {
  const paths = Object.keys(expected);
  if (paths.join() !== Object.keys(found).join()) {
    return { expected: `the leaves ${paths.join(', ')}`, found: Object.keys(found).join(', ') || 'none' };
  }
  for (const path of paths) {
    const [wanted, got] = [expected[path]!, found[path]!];
    if (wanted.length !== got.length)
      return { expected: `${wanted.length} elements at "${path}"`, found: `${got.length}` };
    const at = wanted.findIndex((x, i) => !Object.is(x, got[i]));
    if (at >= 0) return { expected: `${written(wanted[at]!)} at "${path}"[${at}]`, found: written(got[at]!) };
  }
  return undefined;
}

// As text both zeros are the same.
const written = (x: number): string => (Object.is(x, -0) ? '-0' : String(x));

/** ‖a − b‖/‖b‖ */
export function distance(a: Numbers, b: Numbers): number {
  const [found, expected] = [Object.values(a).flat(), Object.values(b).flat()];
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  const apart = Math.hypot(...found.map((x, i) => x - expected[i]!));
  return apart === 0 ? 0 : apart / Math.hypot(...expected);
}
