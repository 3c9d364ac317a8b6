import { type Algebra, alike, entries, leaves, map, type ParamTree, type TreeMath } from '@flatmin/tree';
import type { State, StateShape } from './variant.ts';

/** Leaves of a state by the entry's name and the leaf's path. */
export type Resting<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

/** The state of a variant or a base optimizer, as a {@link Session} or an {@link Optimizer} holds it. */
export interface Stored<T> {
  /** By name, its trees in the structure of the weights. */
  readonly state: State<T>;
  /** What belongs to weights that took no part in the last step. */
  readonly resting: Resting<T>;
}

/** The entries that are there: one that is returned as undefined is none. */
export const present = <T>(state: Readonly<Record<string, ParamTree<T> | undefined>>): State<T> =>
  Object.fromEntries(Object.entries(state).filter(([, tree]) => tree !== undefined)) as State<T>;

/**
 * The state of a variant or a base optimizer from step to step. Where the set of trained weights changes, it is
 * merged by path: leaves that are new begin as at the first step, those without a weight rest until it comes back.
 * An entry that has no beginning (`treeOf()`) is undefined again where a new leaf would lack it.
 */
export class StateStore<T> {
  readonly #algebra: Algebra<T>;
  readonly #shape: StateShape;
  #state: State<T> | undefined;
  #resting: Record<string, Record<string, T>> = {};

  constructor(algebra: Algebra<T>, shape: StateShape) {
    this.#algebra = algebra;
    this.#shape = shape;
  }

  /** The state by name; empty before the first step. */
  get state(): State<T> {
    return this.#state ?? {};
  }

  /** What belongs to weights that took no part in the last step. */
  get resting(): Resting<T> {
    return this.#resting;
  }

  /** All leaves held. */
  get leaves(): T[] {
    return leaves<T>([this.state, this.#resting]);
  }

  /** What a step on these weights starts from; leaves that are new are made with `math`. */
  at(math: TreeMath<T>, weights: ParamTree<T>): State<T> {
    if (this.#state !== undefined) {
      return present(mapEntries(this.#state, (tree, name) => this.#fitted(math, name, tree, weights)));
    }
    return present(
      mapEntries(this.#shape, ({ of, fill }) => {
        if (fill === undefined) return undefined;
        return of === 'tree' ? math.full(weights, fill) : math.leaf.scalar(fill);
      }),
    );
  }

  /**
   * Takes the state after a step, and frees the one before.
   *
   * @param tookPart whether the leaf of this path took part in the step: of others the state before is kept. Default:
   * all did
   */
  commit(next: State<T>, tookPart?: (path: string) => boolean): void {
    const kept =
      tookPart === undefined ? next : mapEntries(next, (tree, name) => this.#withoutIdle(name, tree, tookPart));
    for (const [name, tree] of Object.entries(this.state)) this.#retire(name, tree, kept[name]);
    this.#state = kept;
  }

  /** Second handles on all that is held. */
  snapshot(): Stored<T> {
    const share = (leaf: T): T => this.#algebra.share(leaf);
    return { state: map(share, this.state as ParamTree<T>) as State<T>, resting: map(share, this.#resting) };
  }

  /** Holds second handles on what a snapshot holds. */
  restore({ state, resting }: Stored<T>): void {
    const share = (leaf: T): T => this.#algebra.share(leaf);
    const [held, asleep] = [map(share, state as ParamTree<T>) as State<T>, map(share, resting)];
    this.dispose();
    this.#state = Object.keys(held).length === 0 ? undefined : held;
    this.#resting = asleep;
  }

  /** Frees all; the next step begins afresh. */
  dispose(): void {
    for (const leaf of this.leaves) this.#algebra.dispose(leaf);
    this.#state = undefined;
    this.#resting = {};
  }

  #fitted({ leaf }: TreeMath<T>, name: string, tree: ParamTree<T>, weights: ParamTree<T>): ParamTree<T> | undefined {
    const { of, fill } = this.#shape[name]!;
    if (of === 'scalar' || alike(tree, weights, (x, w) => this.#sameShape(x, w))) return tree;
    const held = this.#held(name);
    if (fill === undefined && entries(weights).some(([path, weight]) => held(path, weight) === undefined)) {
      return undefined;
    }
    return map((weight: T, path) => held(path, weight) ?? leaf.full(weight, fill!), weights);
  }

  #withoutIdle(name: string, next: ParamTree<T>, tookPart: (path: string) => boolean): ParamTree<T> {
    const { of, fill } = this.#shape[name]!;
    if (of === 'scalar' || entries(next).every(([path]) => tookPart(path))) return next;
    const held = this.#held(name);
    return map((leaf: T, path) => {
      const before = held(path, leaf);
      if (tookPart(path) || (before === undefined && fill === undefined)) return leaf;
      const kept = before === undefined ? this.#algebra.full(leaf, fill!) : this.#algebra.share(before);
      this.#algebra.dispose(leaf);
      return kept;
    }, next);
  }

  // The leaf of a path, resting or not, if there is one of the shape of another.
  #held(name: string): (path: string, like: T) => T | undefined {
    const tree = this.state[name];
    const known = byPath([...Object.entries(this.#resting[name] ?? {}), ...(tree === undefined ? [] : entries(tree))]);
    return (path, like) => {
      const found = known.get(path);
      return found !== undefined && this.#sameShape(found, like) ? found : undefined;
    };
  }

  #sameShape(a: T, b: T): boolean {
    return String(this.#algebra.shape(a)) === String(this.#algebra.shape(b));
  }

  // Leaves whose weights take part have a successor; the others rest. Of an entry that is gone all go.
  #retire(name: string, tree: ParamTree<T>, next: ParamTree<T> | undefined): void {
    if (next !== undefined && alike(tree, next)) {
      this.#free(leaves(tree));
      return;
    }
    const successors = next && new Set(entries(next).map(([path]) => path));
    const all = [...Object.entries(this.#resting[name] ?? {}), ...entries(tree)];
    const rests = ([path]: readonly [string, T]): boolean => successors !== undefined && !successors.has(path);
    this.#free(all.filter((entry) => !rests(entry)).map(([, leaf]) => leaf));
    this.#resting[name] = Object.fromEntries(all.filter(rests));
  }

  #free(retired: readonly T[]): void {
    for (const leaf of retired) this.#algebra.dispose(leaf);
  }
}

function mapEntries<A, R>(record: Readonly<Record<string, A>>, f: (entry: A, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, entry]) => [name, f(entry, name)]));
}

function byPath<T>(all: readonly (readonly [path: string, leaf: T])[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [path, leaf] of all) {
    if (found.has(path)) {
      throw new Error(`Two leaves have the path "${path}", so that their states cannot be told apart; rename one.`);
    }
    found.set(path, leaf);
  }
  return found;
}
