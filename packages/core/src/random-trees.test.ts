import { type ParamTree, zip } from '@flatmin/tree';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '../../tree/src/testing/cases.ts';
import { hugeLeafPlan, leafPlan, numbersOf, treesOf } from '../../tree/src/testing/random-trees.ts';
import { adam } from './adam.ts';
import type { BaseOptimizer } from './base.ts';
import { momentum } from './momentum.ts';
import { NonFiniteError } from './non-finite.ts';
import { sgd } from './sgd.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { type Floating, type Floats, flat, type Kind, kinds } from './testing/kinds.ts';
import { climb, msam, smoothed, wsam } from './testing/variants.ts';
import type { Variant } from './variant.ts';

/** A weight and what its gradient is made of: at w it is w ⊙ slope. */
interface Leaf {
  readonly weight: Floats;
  readonly slope: Floats;
}

const learningRate = 0.1;
const bases: readonly BaseOptimizer[] = [sgd({ learningRate }), momentum({ learningRate }), adam({ learningRate })];
const variants: readonly Variant[] = [climb(0.05), smoothed(0.05), msam(0.05), wsam(0.05)];

const leavesOf = (kind: Kind, plan: fc.Arbitrary<Parameters<typeof numbersOf>[0]>): fc.Arbitrary<Leaf> =>
  fc.tuple(plan, fc.constantFrom(1, 1e-3, -2)).map(([of, factor]) => {
    const weight = kind.array(numbersOf(of));
    return { weight, slope: weight.map((_, i) => factor * (1 + (i % 5))) };
  });

// The class keeps map and zip from looking into a leaf's own two parts.
class Pair {
  readonly weight: Floats;
  readonly slope: Floats;
  constructor({ weight, slope }: Leaf) {
    this.weight = weight;
    this.slope = slope;
  }
}

type Outcome = 'not finite' | number[];

function trained(kind: Kind, [base, variant]: Recipe, start: Floating, slopes: Floating): Outcome {
  const optimizer = sharpnessAware(base, variant, kind.algebra);
  let weights = start;
  try {
    for (let step = 0; step < 3; step++) {
      ({ weights } = optimizer.step(weights, (w) => {
        const gradient = zip<Floats, Floating>((x, s) => kind.algebra.mul(x, s), w, slopes);
        return { loss: 1, gradient };
      }));
    }
  } catch (error) {
    expect(error).toBeInstanceOf(NonFiniteError);
    return 'not finite';
  }
  return flat(weights);
}

type Recipe = readonly [BaseOptimizer, Variant];
const recipe: fc.Arbitrary<Recipe> = fc.tuple(fc.constantFrom(...bases), fc.constantFrom(...variants));

describe.each(kinds)('over $name, three steps', (kind) => {
  // The elements in the same order: the same sums, so the same digits.
  function expectAsOneLeaf(tree: ParamTree<Pair>, of: Recipe): void {
    const part = (name: keyof Leaf): Floating => zip((pair: Pair) => pair[name], tree) as Floating;
    const [weights, slopes] = [part('weight'), part('slope')];
    const whole = trained(kind, of, kind.array(flat(weights)), kind.array(flat(slopes)));
    expect(trained(kind, of, weights, slopes)).toEqual(whole);
  }

  it('over a random tree are those over one leaf that holds the same numbers, bit for bit', () => {
    const tree = treesOf(leavesOf(kind, leafPlan).map((leaf) => new Pair(leaf)));
    fc.assert(fc.property(tree, recipe, expectAsOneLeaf), cases(500));
  });

  it('over leaves of a million elements are too', () => {
    const leaf = fc.oneof(leavesOf(kind, hugeLeafPlan), leavesOf(kind, leafPlan)).map((of) => new Pair(of));
    fc.assert(fc.property(fc.array(leaf, { minLength: 1, maxLength: 2 }), recipe, expectAsOneLeaf), cases(1));
  });
});
