import { Arena, type Evaluation, leaves, type ParamTree, type Procedure, relay, type TreeMath } from '@flatmin/core';
import { treeMath } from '@flatmin/tree';

/** Lets a tree outlive the scope that made it. */
export type Keep<T> = <S extends ParamTree<T>>(tree: S) => S;

/**
 * A part of a procedure with a memory of its own: all leaves that it computes or is answered are freed at its end,
 * but those that it keeps, which belong to the scope around it.
 *
 * One arena for a whole measure would hold some hundred copies of the weights at once.
 *
 * @param math the arithmetic of the scope around it
 * @example
 * ```ts
 * const curvature = yield* scope(math, function* ({ dot }) {
 *   return yield* read(dot(v, yield* hessianProduct(…)));
 * });
 * ```
 */
export function* scope<T, R>(
  math: TreeMath<T>,
  part: (math: TreeMath<T>, keep: Keep<T>) => Procedure<T, R>,
): Procedure<T, R> {
  const arena = new Arena(math.leaf, []);
  try {
    return yield* relay(
      part(treeMath(arena.algebra), (tree) => arena.keep(tree)),
      {
        answered: ({ kind }, answer) => {
          if (kind !== 'evaluate') return;
          const { loss, gradient } = answer as Evaluation<T>;
          for (const leaf of leaves<T>([loss, gradient])) arena.own(leaf);
        },
      },
    );
  } finally {
    arena.end();
  }
}

/**
 * {@link scope} for arithmetic alone: its result is kept, all on the way to it is freed.
 *
 * @example
 * ```ts
 * const unit = tidied(math, ({ add, ofLength }) => ofLength(1, add(a, b)));
 * ```
 */
export function tidied<T>(math: TreeMath<T>, compute: (math: TreeMath<T>) => ParamTree<T>): ParamTree<T> {
  const arena = new Arena(math.leaf, []);
  try {
    return arena.keep(compute(treeMath(arena.algebra)));
  } finally {
    arena.end();
  }
}

/** Frees a tree before its scope ends. */
export function release<T>({ leaf }: TreeMath<T>, tree: ParamTree<T>): void {
  for (const one of leaves<T>(tree)) leaf.dispose(one);
}
