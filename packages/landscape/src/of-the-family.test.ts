import { asam } from '@flatmin/asam';
import { float64, sgd, sharpnessAware, type Variant, withDiagnostics } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import { expect, it } from 'vitest';
import { normOf, plus } from '../../core/src/testing/numbers.ts';
import { adaptiveSharpness } from './adaptive-sharpness.ts';
import { measure } from './measure.ts';
import { secondOrderTerm } from './second-order-term.ts';
import { sharpness } from './sharpness.ts';
import golden from './testing/golden.json' with { type: 'json' };
import { networkLoss } from './testing/network.ts';

const weights = {
  kernel: Float64Array.from(golden.weights.slice(0, 24)),
  bias: Float64Array.from(golden.weights.slice(24)),
};
const evaluate = ({ kernel, bias }: typeof weights) => {
  const { loss, gradient } = networkLoss([...kernel, ...bias]);
  return {
    loss,
    gradient: { kernel: Float64Array.from(gradient.slice(0, 24)), bias: Float64Array.from(gradient.slice(24)) },
  };
};
const landscape = { weights, algebra: float64, evaluate };

const step = (variant: Variant) => sharpnessAware(sgd({ learningRate: 1 }), variant, float64).step(weights, evaluate);

it.each([
  ['sharpness', sam({ rho: 0.2 }), sharpness({ rho: 0.2 })],
  ['adaptive sharpness', asam({ rho: 0.7, eta: 0.02 }), adaptiveSharpness({ rho: 0.7, eta: 0.02 })],
] as const)('%s is the rise of the loss that the variant meets', (_, variant, what) => {
  const { diagnostics } = step(withDiagnostics(variant));
  const { loss, perturbedLoss } = measure(what, landscape);
  expect([loss, perturbedLoss]).toEqual([diagnostics['loss']![0], diagnostics['perturbedLoss']![0]]);
});

it('the second-order term is what the option of sam adds to the direction', () => {
  const [without, withTerm] = [false, 1e-5].map((secondOrder) => {
    const { weights: after } = step(sam({ rho: 0.2, secondOrder }));
    return [...after.kernel, ...after.bias];
  });
  const added = plus(without!, -1, withTerm!);
  const { norm } = measure(secondOrderTerm({ rho: 0.2 }), landscape);
  expect(Math.abs(norm / normOf(added) - 1)).toBeLessThan(1e-6);
});
