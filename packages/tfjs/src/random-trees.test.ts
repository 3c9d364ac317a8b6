import { momentum, NonFiniteError, sharpnessAware as onArrays } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import { float32, leaves, map, type ParamTree, treeMath } from '@flatmin/tree';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { counting } from '../../conformance/src/counting.ts';
import { cases } from '../../tree/src/testing/cases.ts';
import {
  hugeLeafPlan,
  type LeafPlan,
  leafPlan,
  numbersOf,
  oddName,
  referenceNorm,
  treesOf,
} from '../../tree/src/testing/random-trees.ts';
import { sharpnessAware, tensors } from './index.ts';
import { engines, use } from './testing/engines.ts';

type Arrays = Readonly<Record<string, Float32Array>>;
/** The class keeps a plan from being taken for a branch. */
class Leaf {
  readonly numbers: Float32Array;
  constructor(plan: LeafPlan) {
    this.numbers = numbersOf(plan);
  }
}

const [largest, smallest] = [3.4028234e38, 2 ** -149];
// Sums of a million elements by rows: see the norms' own test.
const relative = 1e-6;

// A scalar for one number, a matrix where it goes up.
const tensorOf = ({ numbers }: Leaf): tf.Tensor => {
  if (numbers.length === 1) return tf.scalar(numbers[0]!);
  return tf.tensor(numbers, numbers.length % 2 === 0 ? [2, numbers.length / 2] : [numbers.length]);
};

// TensorFlow.js finds these among what every object has, and says that they are registered already.
// Nor a number: TensorFlow.js gives numbers to variables without a name, such as a base optimizer's own.
const variableName = oddName.filter((name) => !/^\d*$/.test(name) && !(name in Object.prototype));

describe.each(engines)('on %s, of numbers from 1e-45 to 3e38, zeros and empty leaves,', (engine) => {
  beforeEach(async () => {
    await use(engine);
    tf.disposeVariables();
  });

  function expectNorms(plan: ParamTree<Leaf>): void {
    const all = leaves(plan).map(({ numbers }) => numbers);
    const wanted = referenceNorm(all);
    const { numTensors } = tf.memory();
    const { algebra, adopt, alive, free } = counting(tensors);
    const tree = adopt(map(tensorOf, plan) as ParamTree<tf.Tensor>);
    const { norm, ofLength, peak } = treeMath(algebra);
    const results = [norm(tree), peak(tree), ofLength(0.05, tree)] as const;
    const [length, most] = [results[0], results[1]].map((scalar) => scalar.dataSync()[0]!) as [number, number];
    expect(most).toBe(Math.max(0, ...all.map((x) => x.reduce((m, y) => Math.max(m, Math.abs(y)), 0))));
    if (wanted > largest) expect(length).toBe(Number.POSITIVE_INFINITY);
    else if (wanted < largest * (1 - relative)) {
      expect(Math.abs(length - wanted)).toBeLessThanOrEqual(relative * wanted + smallest);
      const factor = Math.fround(0.05 / length);
      const epsilon = leaves<tf.Tensor>(results[2]).map((x) => x.dataSync() as Float32Array);
      expectEpsilon(Number.isFinite(factor) ? factor : 0, all, epsilon);
    }
    free([...alive]);
    expect(tf.memory().numTensors).toBe(numTensors);
  }

  function expectEpsilon(factor: number, gradient: Float32Array[], epsilon: Float32Array[]): void {
    const off = gradient.filter((g, k) =>
      g.some((x, i) => {
        const allowed = 2 * relative * Math.abs(x * factor) + smallest * (1 + Math.abs(x));
        return !(Math.abs(epsilon[k]![i]! - x * factor) <= allowed);
      }),
    );
    expect(off).toEqual([]);
  }

  it('random trees have the norm and the ε that float64 says', () => {
    fc.assert(fc.property(treesOf(leafPlan.map((plan) => new Leaf(plan))), expectNorms), cases(500));
  });

  it('trees with leaves of a million elements have them too', () => {
    const leaf = fc.oneof(hugeLeafPlan, leafPlan).map((plan) => new Leaf(plan));
    fc.assert(fc.property(fc.array(leaf, { minLength: 2, maxLength: 3 }), expectNorms), cases(2));
  });

  /** Whose gradient is half of it, whatever its size, at a loss of 1. */
  const half = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    return { value: tf.scalar(1), gradFunc: (_, [saved]: tf.Tensor[]) => tf.mul(saved!, 0.5) };
  });

  function trained(start: Arrays): Arrays | 'not finite' {
    const variables = Object.entries(start).map(([name, x]) => tf.variable(tf.tensor1d(x), true, name));
    const optimizer = sharpnessAware(tf.train.momentum(0.5, 0.5), sam());
    const loss = () => tf.addN(variables.map((variable) => half(variable))) as tf.Scalar;
    try {
      for (let step = 0; step < 2; step++) optimizer.minimize(loss, false, variables);
      return Object.fromEntries(variables.map((v) => [v.name, v.dataSync() as Float32Array]));
    } catch (error) {
      expect(error).toBeInstanceOf(NonFiniteError);
      return 'not finite';
    } finally {
      optimizer.dispose();
      tf.disposeVariables();
    }
  }

  function reference(start: Arrays): Arrays | 'not finite' {
    const optimizer = onArrays(momentum({ learningRate: 0.5, momentum: 0.5 }), sam(), float32);
    let weights = start;
    try {
      for (let step = 0; step < 2; step++)
        ({ weights } = optimizer.step(weights, (w) => ({
          loss: 1,
          gradient: map((x: Float32Array) => x.map((y) => y / 2), w),
        })));
      return weights;
    } catch (error) {
      expect(error).toBeInstanceOf(NonFiniteError);
      return 'not finite';
    }
  }

  /**
   * How far apart the weights may be after two steps because ‖δ‖ is a float32, of which the least are whole multiples of
   * one number: with this loss and these rates they are w₂ = −(5/16) ε₁ − (1/4) ε₂ where w₀ is so small, and ε₁ is by as
   * much too long or short as ‖δ‖.
   */
  function roundingOfNorm(start: Arrays): number {
    const norm = referenceNorm(Object.values(start)) / 2;
    return norm === 0 ? 0 : (5 / 16) * 0.05 * Math.min(1, smallest / norm);
  }

  it('two steps over random variables are those over arrays', () => {
    const start = fc.dictionary(variableName, leafPlan.map(numbersOf), { minKeys: 1, maxKeys: 12 });
    fc.assert(
      fc.property(start, (weights) => {
        const [got, wanted] = [trained(weights), reference(weights)];
        if (got === 'not finite' || wanted === 'not finite') {
          if (got !== wanted) expect(referenceNorm(Object.values(weights))).toBeGreaterThan(largest / 10);
          return;
        }
        expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort());
        const ofNorm = roundingOfNorm(weights);
        for (const [name, x] of Object.entries(wanted)) {
          const size = referenceNorm([x, weights[name]!]);
          const apart = referenceNorm([x.map((y, i) => y - got[name]![i]!)]);
          expect(apart).toBeLessThanOrEqual(1e-5 * size + ofNorm + 10 * smallest);
        }
      }),
      {
        ...cases(100),
        examples: [[{ bias: Float32Array.of(-1.253699697077484e-40, 5.216683858065213e-40, 1.9939075848877822e-40) }]],
      },
    );
  });
});
