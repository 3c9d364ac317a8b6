/** Something with children: an array, or a plain record. */
export type ParamTree<T> = T | readonly ParamTree<T>[] | { readonly [name: string]: ParamTree<T> };

/** A leaf with the path that leads to it. */
export type Entry<T> = readonly [path: string, leaf: T];

/** Two trees that should have one structure differ; `path` is where. */
export class TreeStructureError extends Error {
  /** `TreeStructureError` */
  override readonly name: string = 'TreeStructureError';
  /** Names from the root to the difference, joined by `/`; empty at the root. */
  readonly path: string;

  /** @param path where the trees differ @param difference what differs there, without a full stop */
  constructor(path: string, difference: string) {
    super(
      `The trees differ at ${path === '' ? 'the root' : `"${path}"`}: ${difference}; give trees of the same structure.`,
    );
    this.path = path;
  }
}

type Branch = readonly unknown[] | Readonly<Record<string, unknown>>;

// Class instances (tensors, typed arrays) are leaves: only plain records and arrays have children.
function isBranch(node: unknown): node is Branch {
  if (Array.isArray(node)) return true;
  if (typeof node !== 'object' || node === null) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}

// The root has no path yet; a name may be empty, and is a name none the less.
const join = (path: string | undefined, key: string): string => (path === undefined ? key : `${path}/${key}`);

const kindOf = (node: unknown): string => (Array.isArray(node) ? 'an array' : isBranch(node) ? 'a record' : 'a leaf');

function walk(
  f: (leaves: readonly unknown[], path: string) => unknown,
  nodes: readonly unknown[],
  path?: string,
): unknown {
  const first = nodes[0];
  if (!isBranch(first)) {
    const place = path ?? '';
    for (const node of nodes) if (isBranch(node)) throw new TreeStructureError(place, `a leaf against ${kindOf(node)}`);
    return f(nodes, place);
  }
  const keys = Object.keys(first);
  for (const node of nodes) checkBranch(first, node, keys, path);
  const child = (key: string): unknown =>
    walk(
      f,
      nodes.map((node) => (node as Record<string, unknown>)[key]),
      join(path, key),
    );
  if (Array.isArray(first)) return keys.map(child);
  return Object.fromEntries(keys.map((key) => [key, child(key)]));
}

function checkBranch(first: Branch, node: unknown, keys: readonly string[], path: string | undefined): void {
  if (node === first) return;
  if (!isBranch(node) || Array.isArray(node) !== Array.isArray(first)) {
    throw new TreeStructureError(path ?? '', `${kindOf(first)} against ${kindOf(node)}`);
  }
  for (const key of keys)
    if (!Object.hasOwn(node, key)) throw new TreeStructureError(join(path, key), 'one tree lacks it');
  for (const key of Object.keys(node)) {
    if (!Object.hasOwn(first, key)) throw new TreeStructureError(join(path, key), 'only one tree has it');
  }
}

/**
 * Whether two trees have the same structure, and leaves that go together.
 *
 * @example
 * ```ts
 * alike({ w: 1, b: [2] }, { w: 3, b: [4] }); // true
 * alike({ w: 1 }, { w: 3, b: [4] }); // false
 * ```
 */
export function alike<A, B>(a: ParamTree<A>, b: ParamTree<B>, together: (a: A, b: B) => boolean = () => true): boolean {
  if (!isBranch(a) || !isBranch(b)) return !isBranch(a) && !isBranch(b) && together(a as A, b as B);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a, b] as Readonly<Record<string, ParamTree<never>>>[];
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && alike(left![key]!, right![key]!, together));
}

/**
 * Applies a function to every leaf; the structure stays.
 *
 * Where the leaf's type stays too, so does the tree's: `map((x: Float64Array) => x.slice(), weights)` has
 * the type of `weights`.
 *
 * @param f given a leaf and its path (`layers/0/kernel`; empty for a tree that is one leaf)
 * @example
 * ```ts
 * map((x: number) => 2 * x, { kernel: [1, 2], bias: 3 }); // { kernel: [2, 4], bias: 6 }
 * ```
 */
export function map<T, S extends ParamTree<T>>(f: (leaf: T, path: string) => T, tree: S): S;
export function map<A, R>(f: (leaf: A, path: string) => R, tree: ParamTree<A>): ParamTree<R>;
export function map<A, R>(f: (leaf: A, path: string) => R, tree: ParamTree<A>): ParamTree<R> {
  return walk((leaves, path) => f(leaves[0] as A, path), [tree]) as ParamTree<R>;
}

/**
 * Applies a function to the leaves that stand at the same path of several trees.
 *
 * @throws TreeStructureError naming the first path at which the trees differ
 * @example
 * ```ts
 * zip((x: number, y: number) => x + y, { w: 1, b: [2] }, { w: 10, b: [20] }); // { w: 11, b: [22] }
 * ```
 */
export function zip<T, S extends ParamTree<T>>(f: (a: T, b: T) => T, a: S, b: ParamTree<T>): S;
export function zip<A extends readonly unknown[], R>(
  f: (...leaves: A) => R,
  ...trees: { [K in keyof A]: ParamTree<A[K]> }
): ParamTree<R>;
export function zip<R>(f: (...leaves: unknown[]) => R, ...trees: unknown[]): ParamTree<R> {
  return walk((leaves) => f(...leaves), trees) as ParamTree<R>;
}

/**
 * Folds all leaves, in the tree's order, into one value.
 *
 * @example
 * ```ts
 * reduce((sum: number, x: number) => sum + x, 0, { w: [1, 2], b: 3 }); // 6
 * ```
 */
export function reduce<T, R>(f: (accumulated: R, leaf: T, path: string) => R, initial: R, tree: ParamTree<T>): R {
  let accumulated = initial;
  visit((leaf, path) => {
    accumulated = f(accumulated, leaf as T, path);
  }, tree);
  return accumulated;
}

function visit(f: (leaf: unknown, path: string) => void, node: unknown, path?: string): void {
  if (!isBranch(node)) f(node, path ?? '');
  else for (const key of Object.keys(node)) visit(f, (node as Record<string, unknown>)[key], join(path, key));
}

/**
 * All leaves with their paths, in the tree's order.
 *
 * @example
 * ```ts
 * entries({ dense: { kernel: 1, bias: 2 } }); // [['dense/kernel', 1], ['dense/bias', 2]]
 * ```
 */
export function entries<T>(tree: ParamTree<T>): Entry<T>[] {
  return reduce<T, Entry<T>[]>(
    (all, leaf, path) => {
      all.push([path, leaf]);
      return all;
    },
    [],
    tree,
  );
}

/** All leaves, in the tree's order. */
export function leaves<T>(tree: ParamTree<T>): T[] {
  const all: T[] = [];
  visit((leaf) => all.push(leaf as T), tree);
  return all;
}

/** The paths of all leaves, in the tree's order. */
export function paths<T>(tree: ParamTree<T>): string[] {
  return entries(tree).map(([path]) => path);
}
