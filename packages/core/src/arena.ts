import { type Algebra, map, type ParamTree } from '@flatmin/tree';

/**
 * The leaves one step has made. Every result of its algebra is written down, and all that were not kept are
 * freed together at the end: no procedure frees anything, synchronous or not. Arenas nest: one over the algebra
 * of another frees its own leaves earlier.
 *
 * @example
 * ```ts
 * const arena = new Arena(algebra, leaves(weights));
 * try {
 *   const { add, scale } = treeMath(arena.algebra);
 *   return arena.keep(add(weights, scale(weights, 0.1))); // the product is freed, the sum is not
 * } finally {
 *   arena.end();
 * }
 * ```
 */
export class Arena<T> {
  /** The backend's algebra, recording. */
  readonly algebra: Algebra<T>;
  readonly #backend: Algebra<T>;
  readonly #made = new Set<T>();
  readonly #kept: Set<T>;

  /**
   * @param backend what computes
   * @param others leaves that belong to others, the weights and the state before this step: never freed here
   */
  constructor(backend: Algebra<T>, others: readonly T[]) {
    this.#backend = backend;
    this.#kept = new Set(others);
    const recorded =
      <A extends unknown[]>(operation: (...operands: A) => T) =>
      (...operands: A): T =>
        this.own(operation.apply(backend, operands));
    const { addScaled, readAsync } = backend;
    this.algebra = {
      add: recorded(backend.add),
      sub: recorded(backend.sub),
      mul: recorded(backend.mul),
      div: recorded(backend.div),
      sqrt: recorded(backend.sqrt),
      abs: recorded(backend.abs),
      sign: recorded(backend.sign),
      pow: recorded(backend.pow),
      sum: recorded(backend.sum),
      peak: recorded(backend.peak),
      norm: recorded(backend.norm),
      top: (leaves, count) => backend.top(leaves, count).map((leaf) => this.own(leaf)),
      guard: recorded(backend.guard),
      full: recorded(backend.full),
      scalar: recorded(backend.scalar),
      normal: recorded(backend.normal),
      share: recorded(backend.share),
      shape: (leaf) => backend.shape(leaf),
      dispose: (leaf) => this.#free(leaf),
      read: (scalar) => backend.read(scalar),
      ...(addScaled && {
        addScaled: (a: readonly T[], factor: T | number, b: readonly T[]) =>
          addScaled.call(backend, a, factor, b).map((leaf) => this.own(leaf)),
      }),
      ...(readAsync && { readAsync: (scalar: T) => readAsync.call(backend, scalar) }),
    };
  }

  /** Writes down a leaf that was made elsewhere for this step. */
  own(leaf: T): T {
    this.#made.add(leaf);
    return leaf;
  }

  /**
   * Keeps a tree beyond the step. A leaf that is kept already, or belongs to another, is handed out as a
   * second handle on its data: every leaf handed out is disposed of on its own.
   */
  keep<S extends ParamTree<T>>(tree: S): S {
    return map((leaf: T) => {
      const own = this.#kept.has(leaf) ? this.#backend.share(leaf) : leaf;
      this.#kept.add(own);
      return own;
    }, tree);
  }

  /** Frees every leaf written down but those kept, and forgets them all. */
  end(): void {
    for (const leaf of this.#made) this.#free(leaf);
  }

  #free(leaf: T): void {
    if (this.#made.delete(leaf) && !this.#kept.has(leaf)) this.#backend.dispose(leaf);
  }
}
