import {
  adam,
  adamw,
  type BaseOptimizer,
  linear,
  momentum,
  plain,
  proportional,
  sgd,
  sharpnessAware,
} from '@flatmin/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Floating, filled, type Kind, kinds } from '../../core/src/testing/kinds.ts';
import { network, type Problem, problem, quadratic } from '../../core/src/testing/problems.ts';
import { train } from '../../core/src/testing/train.ts';
import { type SamOptions, sam } from './sam.ts';

const learningRate = 0.05;
const bases: BaseOptimizer[] = [
  sgd({ learningRate }),
  momentum({ learningRate }),
  momentum({ learningRate, nesterov: true }),
  adam({ learningRate }),
  adamw({ learningRate, weightDecay: 0.1 }),
];
const settings: SamOptions[] = [
  {},
  { p: 1.5 },
  { p: 3 },
  { p: Number.POSITIVE_INFINITY },
  { ascentSteps: 3 },
  { ascentSteps: 2, ascentLength: 'full', p: 4 },
  { secondOrder: true },
  { secondOrder: 0.5 },
];

// Adding 0 makes −0 into 0: a perturbation of zero may do the same, and no more.
const number = fc.double({ min: -3, max: 3, noNaN: true }).map((x) => Math.fround(x) + 0);
const { tree } = fc.letrec<{ tree: number[] | object }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.array(number, { minLength: 1, maxLength: 3 }).map((leaf) => ({ leaf })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(fc.constantFrom('kernel', 'bias', 'gamma', 'layer'), tie('tree'), { minKeys: 1, maxKeys: 3 }),
  ),
}));

// Random leaves `{ leaf: [...] }` made into typed arrays.
function treeOver(kind: Kind, node: unknown): Floating {
  if (Array.isArray(node)) {
    return node.every((x) => typeof x === 'number') ? kind.array(node) : node.map((child) => treeOver(kind, child));
  }
  const children = Object.entries(node as object).map(([name, child]) => [name, treeOver(kind, child)]);
  return Object.fromEntries(children);
}

// A dense, smooth loss over any number of weights.
const bumpy: Parameters<typeof problem>[2] = (w) => {
  const far = w.map((x, i) => Math.tanh(x + 0.3 * w[(i + 1) % w.length]!));
  return {
    loss: far.reduce((sum, x) => sum + x * x, 0),
    gradient: w.map((_, i) => far[i]! * (1 - far[i]! ** 2) + 0.2 * far[(i + 1) % far.length]!),
  };
};

const expectSame = (base: BaseOptimizer, kind: Kind, at: Problem, options: SamOptions, steps: number): void => {
  const [perturbed, still] = [sam(options), plain()].map((variant) => sharpnessAware(base, variant, kind.algebra));
  expect(train(perturbed!, at, steps)).toEqual(train(still!, at, steps));
};

describe.each(kinds)('at ρ = 0 over $name', (kind) => {
  describe.each(settings)('SAM with %o', (options) => {
    it.each(bases)('is $name itself, bit for bit, on a network', (base) => {
      for (const rho of [0, proportional(0), linear({ from: 0, to: 0, steps: 3 }), () => 0]) {
        expectSame(base, kind, network(kind), { ...options, rho }, 5);
      }
    });
  });

  it('SAM is its base optimizer, bit for bit, on random trees, whatever the options', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(...settings), fc.constantFrom(...bases), (node, options, base) => {
        expectSame(base, kind, problem(kind, treeOver(kind, node), bumpy), { ...options, rho: 0 }, 3);
      }),
    );
  });
});

describe.each(kinds)('where the gradient is zero, over $name,', (kind) => {
  it.each(settings)('SAM with %o steps as its base optimizer does, bit for bit', (options) => {
    const { start, evaluate } = network(kind);
    for (const base of bases) {
      // One step with a gradient at ρ = 0, so that there is momentum; then none.
      let asked = 0;
      const thenFlat = (evaluations: number): Problem => ({
        start,
        evaluate: (weights) =>
          asked++ < evaluations
            ? evaluate(weights)
            : { loss: 1, gradient: filled(kind, weights, new Array(26).fill(0)) },
      });
      const evaluations = 1 + (options.secondOrder ? 3 : (options.ascentSteps ?? 1));
      const rho = linear({ from: 0, to: 0.5, steps: 1 });
      const perturbed = train(sharpnessAware(base, sam({ ...options, rho }), kind.algebra), thenFlat(evaluations), 4);
      asked = 0;
      expect(perturbed).toEqual(train(sharpnessAware(base, plain(), kind.algebra), thenFlat(1), 4));
    }
  });

  it('SAM stays at a minimum', () => {
    const minimum = problem(
      kind,
      { w: kind.array([0, 0]) },
      quadratic([
        [2, 0],
        [0, 1],
      ]),
    );
    for (const options of settings) {
      const optimizer = sharpnessAware(sgd({ learningRate }), sam({ ...options, rho: 1 }), kind.algebra);
      expect(train(optimizer, minimum, 5)).toEqual({ w: kind.array([0, 0]) });
    }
  });
});
