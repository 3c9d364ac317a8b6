import fc from 'fast-check';
import { scramble, uniforms } from '../random.ts';
import type { ParamTree } from '../tree.ts';

/** Names that trip up what takes a record for a plain table, or a path for a list of names. */
export const oddName: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom(
    '',
    '/',
    'a',
    'b',
    'a/b',
    'a/',
    '/a',
    '0',
    '1',
    '01',
    '-1',
    'bias',
    'ключ',
    '重み',
    '👩‍👩‍👧',
    'é',
    'é',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'undefined', 'then', '\u0000'),
);

/** Trees with leaves made by another arbitrary: mostly small, some of up to a thousand leaves. */
export function treesOf<T>(leaf: fc.Arbitrary<T>): fc.Arbitrary<ParamTree<T>> {
  const { nested } = fc.letrec<{ nested: ParamTree<T> }>((tie) => ({
    nested: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('nested'), { maxLength: 4 }),
      fc.dictionary(oddName, tie('nested'), { maxKeys: 4 }),
    ),
  }));
  const wide = { maxLength: 1000, size: 'max' } as const;
  const forest = fc.oneof(
    fc.array(leaf, wide),
    fc.array(leaf, wide).map((leaves) => Object.fromEntries(leaves.map((x, i) => [`layer/${i}`, x]))),
  );
  return fc.oneof({ weight: 30, arbitrary: nested }, { weight: 1, arbitrary: fc.tuple(nested, forest) });
}

/** What a leaf is to hold, in few words: leaves of a million elements are made of it, too. */
export interface LeafPlan {
  readonly size: number;
  readonly seed: number;
  /** The powers of ten between which the sizes of its numbers lie. */
  readonly exponents: readonly [from: number, to: number];
  /** How many of its numbers are zero, from 0 to 1. */
  readonly zeros: number;
}

const exponents = fc.oneof(
  fc.constant<[number, number]>([-1, 1]),
  fc.constantFrom<[number, number]>([-45, -38], [-38, 38], [-38, -37], [37, 38.5], [-20, -18], [18, 20]),
);

const planOf = (size: fc.Arbitrary<number>): fc.Arbitrary<LeafPlan> =>
  fc.record({ size, seed: fc.nat(), exponents, zeros: fc.constantFrom(0, 0, 0.5, 1) });

/** Leaves that are empty, of one element, or of a few. */
export const leafPlan: fc.Arbitrary<LeafPlan> = planOf(
  fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({ min: 3, max: 40 })),
);

/** Leaves of a million elements. */
export const hugeLeafPlan: fc.Arbitrary<LeafPlan> = planOf(fc.constantFrom(1_000_000, 1_048_577));

/** The numbers of a plan, all of which float32 can write. */
export function numbersOf({ size, seed, exponents: [from, to], zeros }: LeafPlan): Float32Array {
  const uniform = uniforms(scramble(seed));
  const largest = 3.4e38;
  return Float32Array.from({ length: size }, () => {
    if (uniform() < zeros) return 0;
    const x = Math.min(10 ** (from + (to - from) * uniform()), largest);
    return uniform() < 0.5 ? x : -x;
  });
}

/** √Σx² in float64, which holds the squares of all float32 numbers. */
export function referenceNorm(leaves: Iterable<ArrayLike<number>>): number {
  let sum = 0;
  for (const leaf of leaves) for (let i = 0; i < leaf.length; i++) sum += leaf[i]! ** 2;
  return Math.sqrt(sum);
}
