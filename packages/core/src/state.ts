import { type Algebra, leaves, type ParamTree, type TreeMath } from '@flatmin/tree';
import type { State, StateShape } from './variant.ts';

/** The state before the first step. */
export function initialState<T>({ full, leaf }: TreeMath<T>, shape: StateShape, weights: ParamTree<T>): State<T> {
  const first = Object.entries(shape).map(([name, { of, fill }]) => [
    name,
    of === 'tree' ? full(weights, fill) : leaf.scalar(fill),
  ]);
  return Object.fromEntries(first);
}

/** All leaves of a state. */
export function leavesOf<T>(state: State<T> | undefined): T[] {
  return Object.values(state ?? {}).flatMap((tree) => leaves(tree));
}

/** Frees the leaves of a state that are not also in another. */
export function freeState<T>(algebra: Algebra<T>, state: State<T> | undefined, unless?: State<T>): void {
  const alive = new Set(leavesOf(unless));
  for (const leaf of leavesOf(state)) if (!alive.has(leaf)) algebra.dispose(leaf);
}
