import { type Algebra, type LossAndGradient, leaves, map, type ParamTree } from '@flatmin/core';
import type { SyncBackend } from './backend.ts';
import type { AskedOfProblem } from './network-problem.ts';

/** Something to minimise: where to start, and loss and gradient at any weights. */
export interface Hosted<T> {
  /** Where to start. */
  readonly start: ParamTree<T>;
  /** Loss and gradient; fresh leaves each time. */
  evaluate(weights: ParamTree<T>, asked?: AskedOfProblem): LossAndGradient<T>;
}

/** An algebra that knows which leaves are alive, and refuses the use of any other. Made by {@link counting}. */
export interface Counting<T> {
  /** The algebra, counting. */
  readonly algebra: Algebra<T>;
  /** The leaves made and not yet disposed of. */
  readonly alive: ReadonlySet<T>;
  /** Makes the leaves of a tree known, as the backend would have made them. */
  adopt<S extends ParamTree<T>>(tree: S): S;
  /** Disposes of all leaves of a tree. */
  free(tree: ParamTree<T>): void;
  /** The problem over this algebra: its inputs must be alive, its results are known. */
  hosting(problem: Hosted<T>): Hosted<T>;
}

/** Options of {@link counting}. */
export interface CountingOptions<T> {
  /** What is done to a leaf that is disposed of, such as overwriting it, so that no use of it goes unseen. */
  readonly disposed?: (leaf: T) => void;
}

/**
 * Wraps an algebra so that leaks show, and uses of leaves that were freed.
 *
 * @throws Error (its operations) for a leaf that is not alive: freed, or made elsewhere and not adopted
 * @example
 * ```ts
 * const { algebra, alive, adopt } = counting(float64);
 * const w = adopt(Float64Array.of(1, 2));
 * algebra.dispose(algebra.norm([w]));
 * alive.size; // 1
 * ```
 */
export function counting<T>(inner: Algebra<T>, { disposed }: CountingOptions<T> = {}): Counting<T> {
  const alive = new Set<T>();
  const adopt = <S extends ParamTree<T>>(tree: S): S => {
    for (const leaf of leaves<T>(tree)) alive.add(leaf);
    return tree;
  };
  const seen = (name: string, operand: unknown): void => {
    if (typeof operand !== 'object') return;
    if (Array.isArray(operand)) for (const one of operand) seen(name, one);
    else if (!alive.has(operand as T)) throw unknown(name);
  };
  const watched =
    <A extends unknown[], R>(name: string, operation: (...operands: A) => R) =>
    (...operands: A): R => {
      seen(name, operands);
      return operation.apply(inner, operands);
    };
  const made = <A extends unknown[]>(name: string, operation: (...operands: A) => T): ((...operands: A) => T) => {
    const compute = watched(name, operation);
    return (...operands) => {
      const leaf = compute(...operands);
      alive.add(leaf);
      return leaf;
    };
  };
  const top = watched('top', inner.top);
  const addScaled = inner.addScaled && watched('addScaled', inner.addScaled);
  const algebra: Algebra<T> = {
    add: made('add', inner.add),
    sub: made('sub', inner.sub),
    mul: made('mul', inner.mul),
    div: made('div', inner.div),
    sqrt: made('sqrt', inner.sqrt),
    abs: made('abs', inner.abs),
    sign: made('sign', inner.sign),
    pow: made('pow', inner.pow),
    sum: made('sum', inner.sum),
    peak: made('peak', inner.peak),
    norm: made('norm', inner.norm),
    top: (trees, count) => adopt(top(trees, count)),
    guard: made('guard', inner.guard),
    full: made('full', inner.full),
    scalar: made('scalar', inner.scalar),
    normal: made('normal', inner.normal),
    share: made('share', inner.share),
    shape: watched('shape', inner.shape),
    dispose: (leaf) => {
      if (!alive.delete(leaf)) throw unknown('dispose');
      inner.dispose(leaf);
      disposed?.(leaf);
    },
    read: watched('read', inner.read),
    ...(addScaled && { addScaled: (a, factor, b) => adopt(addScaled(a, factor, b) as T[]) }),
    ...(inner.readAsync && { readAsync: watched('readAsync', inner.readAsync) }),
  };
  return {
    algebra,
    alive,
    adopt,
    free: (tree) => {
      for (const leaf of leaves<T>(tree)) algebra.dispose(leaf);
    },
    hosting: ({ start, evaluate }) => ({
      start: adopt(map((leaf: T) => inner.share(leaf), start)),
      evaluate: (weights, asked) => {
        seen('the function', leaves<T>(weights));
        const answer = evaluate(weights, asked);
        if (typeof answer.loss !== 'number') alive.add(answer.loss);
        adopt(answer.gradient);
        return answer;
      },
    }),
  };
}

/** A backend over {@link counting}: what it is given must be alive, what it makes is known. */
export function countingBackend<T>(inner: SyncBackend<T>): { backend: SyncBackend<T>; alive: ReadonlySet<T> } {
  const { algebra, alive, adopt } = counting(inner.algebra);
  const backend: SyncBackend<T> = {
    ...inner,
    algebra,
    from: (numbers, shape) => {
      const leaf = inner.from(numbers, shape);
      adopt(leaf);
      return leaf;
    },
    numbers: (leaf) => {
      algebra.shape(leaf); // refuses a leaf that is not alive
      return inner.numbers(leaf);
    },
  };
  return { backend, alive };
}

const unknown = (name: string): Error =>
  new Error(`${name} was given a leaf that is not alive: it was freed, or never made by this algebra.`);
