import { type Algebra, entries, leaves, type ParamTree, type TreeMath } from '@flatmin/tree';
import { type Procedure, read } from './protocol.ts';

/** A loss, a gradient or a variant's result was NaN or infinite. Nothing was changed. */
export class NonFiniteError extends Error {
  /** `NonFiniteError` */
  override readonly name: string = 'NonFiniteError';
}

/** What was found to be computed within a step, and under which name it is reported. */
interface Watched<T> {
  readonly what: string;
  readonly tree: ParamTree<T>;
}

/** Watches what a step computes, and tells at its end, by one read, whether all of it was finite. */
export class FiniteCheck<T> {
  readonly #math: TreeMath<T>;
  readonly #norms: WeakMap<object, T> | undefined;
  readonly #watched: Watched<T>[] = [];
  readonly #seen = new Set<unknown>();

  /** @param norms those that `math` has computed already */
  constructor(math: TreeMath<T>, norms?: WeakMap<object, T>) {
    this.#math = math;
    this.#norms = norms;
  }

  /** Adds a tree, unless it was added before under another name. */
  watch(what: string, tree: ParamTree<T>): void {
    if (this.#seen.has(tree)) return;
    this.#seen.add(tree);
    this.#watched.push({ what, tree });
  }

  /** What is not finite, in words; undefined when all is well. */
  *verdict(): Procedure<T, string | undefined> {
    const { leaf, norm } = this.#math;
    // One norm over all that has none yet is finite where everything is; where it is not, the trees are looked at one by one.
    const all = this.#watched.flatMap(({ tree }) => this.#norms?.get(tree as object) ?? leaves(tree));
    if (Number.isFinite(yield* read(leaf.norm(all)))) return undefined;
    for (const { what, tree } of this.#watched) {
      if (Number.isFinite(yield* read(norm(tree)))) continue;
      const path = yield* firstNonFinite(leaf, tree);
      if (path === undefined) return `the norm of ${what} is too large to be written`;
      return path === '' ? `${what} is not finite` : `${what} is not finite at "${path}"`;
    }
    return undefined;
  }
}

function* firstNonFinite<T>(leaf: Algebra<T>, tree: ParamTree<T>): Procedure<T, string | undefined> {
  for (const [path, x] of entries(tree)) {
    if (!Number.isFinite(yield* read(leaf.norm([x])))) return path;
  }
  return undefined;
}
