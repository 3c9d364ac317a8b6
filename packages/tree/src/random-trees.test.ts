import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Algebra,
  entries,
  flatten,
  float32,
  float64,
  leaves,
  map,
  mapSelected,
  mask,
  type ParamTree,
  paths,
  reduce,
  select,
  TreeStructureError,
  treeMath,
  unflatten,
  zip,
} from './index.ts';
import { cases } from './testing/cases.ts';
import { hugeLeafPlan, leafPlan, numbersOf, oddName, referenceNorm, treesOf } from './testing/random-trees.ts';

const numbered = treesOf(fc.integer());
/** An object of its own for each leaf, so that a leaf that was lost, doubled or swapped is seen. */
const marked = treesOf(fc.nat().map((id) => new Set([id])));

describe('a random tree, up to a thousand leaves under odd names,', () => {
  it('keeps every leaf, and its place, through map, zip and flatten', () => {
    fc.assert(
      fc.property(marked, (tree) => {
        const all = leaves(tree);
        expect(leaves(map((x: Set<number>) => x, tree))).toEqual(all);
        const structure = map((x: Set<number>) => x, tree);
        expect(structure).toEqual(tree);
        zip(
          (a: Set<number>, b: Set<number>) => {
            expect(a).toBe(b);
            return a;
          },
          tree,
          structure,
        );
        const flat = flatten(tree);
        expect(flat.leaves.every((leaf, i) => leaf === all[i])).toBe(true);
        expect(unflatten(flat.structure, flat.leaves)).toEqual(tree);
        expect(leaves<number>(flat.structure)).toEqual(all.map((_, i) => i));
      }),
      cases(1000),
    );
  });

  it('selects the same leaves by pattern, by mask and by hand', () => {
    fc.assert(
      fc.property(numbered, fc.oneof(oddName, fc.constantFrom('1', 'layer')), (tree, part) => {
        const meant = (path: string): boolean => path.includes(part);
        const wanted = entries<number>(tree).filter(([path]) => meant(path));
        expect(select(meant, tree)).toEqual(wanted);
        expect(leaves(mask(meant, tree))).toEqual(paths<number>(tree).map(meant));
        const doubled = mapSelected<number, ParamTree<number>>(meant, (x) => 2 * x, tree);
        const total = (of: ParamTree<number>) => reduce((sum: number, x: number) => sum + x, 0, of);
        expect(total(doubled)).toBe(total(tree) + wanted.reduce((sum, [, x]) => sum + x, 0));
      }),
      cases(1000),
    );
  });

  it('has no two leaves of one path, unless a name has a slash in it', () => {
    fc.assert(
      fc.property(numbered, (tree) => {
        fc.pre(!hasSlash(tree));
        const all = paths<number>(tree);
        expect(new Set(all).size).toBe(all.length);
      }),
      { ...cases(1000), examples: [[{ a: 1, '': { a: 2, '': { a: 3 } } }]] },
    );
  });

  it('without one of its leaves is refused, with the path of that leaf', () => {
    fc.assert(
      fc.property(fc.dictionary(oddName, numbered, { minKeys: 1, maxKeys: 5 }), fc.nat(), (tree, at) => {
        const names = Object.keys(tree);
        const lost = names[at % names.length]!;
        const rest = Object.fromEntries(Object.entries(tree).filter(([name]) => name !== lost));
        for (const pair of [
          [tree, rest],
          [rest, tree],
        ]) {
          const act = () => zip((a: number, b: number) => a + b, pair[0]!, pair[1]!);
          expect(act).toThrow(TreeStructureError);
          expect(act).toThrow(lost === '' ? 'the root' : `"${lost}"`);
        }
      }),
      cases(1000),
    );
  });
});

function hasSlash(tree: ParamTree<number>): boolean {
  if (typeof tree === 'number') return false;
  return Object.entries(tree).some(([name, child]) => name.includes('/') || hasSlash(child as ParamTree<number>));
}

type Floats = Float32Array | Float64Array;

function largestOf(all: readonly Floats[]): number {
  let largest = 0;
  for (const leaf of all) for (const x of leaf) largest = Math.max(largest, Math.abs(x));
  return largest;
}

describe.each([
  // One rounding to float32, whose smallest number is 2^-149; in float64, of all that are added up.
  { name: 'float32', algebra: float32 as Algebra<Floats>, make: Float32Array, relative: 2 ** -23, smallest: 2 ** -149 },
  { name: 'float64', algebra: float64 as Algebra<Floats>, make: Float64Array, relative: 1e-10, smallest: 0 },
])(
  'a tree over $name of numbers from 1e-45 to 3e38, zeros and empty leaves',
  ({ algebra, make, relative, smallest }) => {
    const { norm, ofLength, peak } = treeMath(algebra);
    const round = (x: number): number => make.of(x)[0]!;

    function expectNorms(tree: ParamTree<Floats>): void {
      const all = leaves<Floats>(tree);
      const wanted = referenceNorm(all);
      const got = algebra.read(norm(tree));
      if (Number.isFinite(round(wanted)))
        expect(Math.abs(got - wanted)).toBeLessThanOrEqual(relative * wanted + smallest);
      else expect(got).toBe(Number.POSITIVE_INFINITY);
      expect(algebra.read(peak(tree))).toBe(largestOf(all));
      expectEpsilon(0.05, all, leaves<Floats>(ofLength(0.05, tree)), wanted);
    }

    // ρ g/‖g‖ by a factor that the type can write: where it is tiny it has few digits, where it is too large there is none.
    function expectEpsilon(rho: number, gradient: Floats[], epsilon: Floats[], length: number): void {
      const factor = round(rho / round(length));
      const scale = Number.isFinite(factor) ? factor : 0;
      const off = gradient.filter((g, k) =>
        g.some((x, i) => {
          const allowed = 2 * relative * Math.abs(x * scale) + smallest * (1 + Math.abs(x));
          return !(Math.abs(epsilon[k]![i]! - x * scale) <= allowed);
        }),
      );
      expect(off).toEqual([]);
    }

    it('has the norm and the ε that float64 says', () => {
      const tree = treesOf(leafPlan.map((plan): Floats => make.from(numbersOf(plan))));
      fc.assert(fc.property(tree, expectNorms), cases(1000));
    });

    it('has them with leaves of a million elements too', () => {
      const leaf = fc.oneof(hugeLeafPlan, leafPlan).map((plan): Floats => make.from(numbersOf(plan)));
      fc.assert(fc.property(fc.array(leaf, { minLength: 2, maxLength: 3 }), expectNorms), cases(3));
    });
  },
);
