import type { ParamTree } from '@flatmin/tree';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { sgd } from './sgd.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { f64 } from './testing/kinds.ts';
import { climb } from './testing/variants.ts';
import { type State, scalarOf, treeOf } from './variant.ts';

describe('a variant', () => {
  it('is typed by how its state begins', () => {
    const state = { d: treeOf(0), count: scalarOf(1) };
    type Leaf = Float64Array;
    expectTypeOf<State<Leaf, typeof state>>().toEqualTypeOf<{ readonly d: ParamTree<Leaf>; readonly count: Leaf }>();
  });

  it('needs a name and a step; the rest is empty', () => {
    const { name, options, needs, state } = climb(0.1);
    expect({ name, options, needs, state }).toEqual({ name: 'climb', options: {}, needs: [], state: {} });
  });
});

describe('an optimizer', () => {
  it('gives weights back in the type they came in', () => {
    const weights = { kernel: Float64Array.of(1), layers: [Float64Array.of(2)] };
    const optimizer = sharpnessAware(sgd({ learningRate: 0.1 }), climb(0.1), f64.algebra);
    const step = () =>
      optimizer.step(weights, (w) => {
        expectTypeOf(w).toEqualTypeOf(weights);
        return { loss: 0, gradient: w };
      });
    expectTypeOf(step().weights).toEqualTypeOf(weights);
  });
});
