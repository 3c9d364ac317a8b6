import type { Algebra } from './algebra.ts';
import { leaves, map, type ParamTree, zip } from './tree.ts';

/**
 * The arithmetic of whole trees over one backend's leaves, in the words of papers.
 *
 * Binary operations throw a {@link TreeStructureError} that names the path where two trees differ. Norms
 * and dot products are global: over all leaves together, not one a leaf.
 *
 * @typeParam T the backend's leaf
 */
export interface TreeMath<T> {
  /** The operations on single leaves. */
  readonly leaf: Algebra<T>;
  /** Applies a function to every leaf. */
  map<S extends ParamTree<T>>(f: (leaf: T, path: string) => T, tree: S): S;
  /** a + b */
  add<S extends ParamTree<T>>(a: S, b: ParamTree<T>): S;
  /** a − b */
  sub<S extends ParamTree<T>>(a: S, b: ParamTree<T>): S;
  /** a ⊙ b */
  mul<S extends ParamTree<T>>(a: S, b: ParamTree<T>): S;
  /** a ⊘ b */
  div<S extends ParamTree<T>>(a: S, b: ParamTree<T>): S;
  /** factor · a */
  scale<S extends ParamTree<T>>(a: S, factor: T | number): S;
  /** a + factor · b */
  addScaled<S extends ParamTree<T>>(a: S, factor: T | number, b: ParamTree<T>): S;
  /** Σ aᵢbᵢ, a scalar */
  dot(a: ParamTree<T>, b: ParamTree<T>): T;
  /** ‖a‖₂, a scalar; right wherever it can be written, and not finite when an element is not */
  norm(a: ParamTree<T>): T;
  /** ‖a‖∞ = max |aᵢ|, a scalar */
  peak(a: ParamTree<T>): T;
  /** A tree like `a`, 1 at its `count` greatest elements, else 0; of equal elements the earlier counts as greater. */
  top(a: ParamTree<T>, count: number): ParamTree<T>;
  /** Σ aᵢ, a scalar */
  sum(a: ParamTree<T>): T;
  /**
   * length · a/‖a‖₂; zeros where ‖a‖₂ is 0, or so small that length/‖a‖₂ cannot be written. Elements that are
   * not finite come out as NaN.
   */
  ofLength<S extends ParamTree<T>>(length: T | number, a: S): S;
  /** a + length · b/‖b‖₂, where {@link TreeMath.ofLength} would make a tree that is needed for nothing else */
  addOfLength<S extends ParamTree<T>>(a: S, length: T | number, b: ParamTree<T>): S;
  /** The part of `a` that is orthogonal to `b`: a − (aᵀb/‖b‖²) b; all of `a` where b is zero. */
  orthogonal<S extends ParamTree<T>>(a: S, b: ParamTree<T>): S;
  /** A tree like `a`, filled. */
  full<S extends ParamTree<T>>(a: S, value: number): S;
  /** The mean of at least one tree. */
  mean(trees: readonly ParamTree<T>[]): ParamTree<T>;
}

/**
 * Tree arithmetic for a backend.
 *
 * @param leaf the backend's operations
 * @param norms where given, each tree's norm is computed once and kept here: only for trees that never
 * change in place
 * @example
 * ```ts
 * const { ofLength, add } = treeMath(float64);
 * const w = { kernel: Float64Array.of(3, 4), bias: Float64Array.of(0) };
 * add(w, ofLength(5, w)); // { kernel: [6, 8], bias: [0] }
 * ```
 */
export function treeMath<T>(leaf: Algebra<T>, norms?: WeakMap<object, T>): TreeMath<T> {
  const addScaled = <S extends ParamTree<T>>(a: S, factor: T | number, b: ParamTree<T>): S => {
    if (leaf.addScaled !== undefined) return together(leaf.addScaled, a, factor, b);
    return zip(
      (x: T, y: T) => {
        const product = leaf.mul(y, factor);
        const sum = leaf.add(x, product);
        leaf.dispose(product); // at once: of all leaves they would take the memory of a tree
        return sum;
      },
      a,
      b,
    );
  };
  const dot = (a: ParamTree<T>, b: ParamTree<T>): T => leaf.sum(leaves(zip((x: T, y: T) => leaf.mul(x, y), a, b)));
  const scale = <S extends ParamTree<T>>(a: S, factor: T | number): S => map((x: T) => leaf.mul(x, factor), a);
  const norm = (a: ParamTree<T>): T => {
    if (norms === undefined || typeof a !== 'object' || a === null) return leaf.norm(leaves(a));
    const known = norms.get(a);
    if (known !== undefined) return known;
    const value = leaf.norm(leaves(a));
    norms.set(a, value);
    return value;
  };
  // length/‖a‖₂. It alone is guarded, against 0/0, ρ/0 and overflow: one small kernel, however many leaves.
  const factorTo = (length: T | number, a: ParamTree<T>): T => {
    const factor = leaf.div(typeof length === 'number' ? leaf.scalar(length) : length, norm(a));
    return leaf.guard(leaf.abs(factor), factor);
  };
  const ofLength = <S extends ParamTree<T>>(length: T | number, a: S): S => scale(a, factorTo(length, a));
  return {
    leaf,
    map: (f, tree) => map(f, tree),
    add: (a, b) => (leaf.addScaled ? addScaled(a, 1, b) : zip((x: T, y: T) => leaf.add(x, y), a, b)),
    sub: (a, b) => (leaf.addScaled ? addScaled(a, -1, b) : zip((x: T, y: T) => leaf.sub(x, y), a, b)),
    mul: (a, b) => zip((x: T, y: T) => leaf.mul(x, y), a, b),
    div: (a, b) => zip((x: T, y: T) => leaf.div(x, y), a, b),
    scale,
    addScaled,
    dot,
    norm,
    peak: (a) => leaf.peak(leaves(a)),
    top: (a, count) => {
      const chosen = leaf.top(leaves(a), count)[Symbol.iterator]();
      return map(() => chosen.next().value as T, a);
    },
    sum: (a) => leaf.sum(leaves(a)),
    ofLength,
    addOfLength: (a, length, b) => addScaled(a, factorTo(length, b), b),
    orthogonal: (a, b) => {
      const unit = ofLength(1, b);
      return addScaled(a, leaf.mul(dot(a, unit), -1), unit);
    },
    full: (a, value) => map((x: T) => leaf.full(x, value), a),
    mean: (trees) => {
      const [first, ...rest] = trees;
      if (first === undefined) throw new RangeError('mean: no trees were given; give at least one.');
      const total = rest.reduce<ParamTree<T>>((sum, tree) => zip((x: T, y: T) => leaf.add(x, y), sum, tree), first);
      return scale(total, 1 / trees.length);
    },
  };
}

/** Applies an operation on lists of leaves to trees. */
function together<T, S extends ParamTree<T>>(
  addScaled: NonNullable<Algebra<T>['addScaled']>,
  a: S,
  factor: T | number,
  b: ParamTree<T>,
): S {
  const [left, right]: [T[], T[]] = [[], []];
  zip(
    (x: T, y: T) => {
      left.push(x);
      right.push(y);
      return x;
    },
    a,
    b,
  );
  const sums = addScaled(left, factor, right)[Symbol.iterator]();
  return map(() => sums.next().value as T, a);
}
