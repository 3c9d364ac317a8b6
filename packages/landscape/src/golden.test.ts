import { describe, expect, it } from 'vitest';
import { distance } from '../../core/src/testing/kinds.ts';
import { adaptiveSharpness } from './adaptive-sharpness.ts';
import { hessianEigenvalues, hessianEigenvectors } from './hessian-eigenvalues.ts';
import { differenceLength, hessianProduct } from './hessian-product.ts';
import { hessianTrace } from './hessian-trace.ts';
import { measure } from './measure.ts';
import { pacBayes } from './pac-bayes.ts';
import { secondOrderTerm } from './second-order-term.ts';
import { sharpness } from './sharpness.ts';
import { backends, differences, f64 } from './testing/backends.ts';
import { measured } from './testing/bench-of.ts';
import golden from './testing/golden.json' with { type: 'json' };
import { network, networkLoss } from './testing/network.ts';

describe('the network of the golden file', () => {
  it('has the loss and gradient of PyTorch', () => {
    const { loss, gradient } = networkLoss(golden.weights);
    expect(loss).toBeCloseTo(golden.loss, 13);
    expect(distance(gradient, golden.gradient)).toBeLessThan(1e-13);
  });
});

describe.each(backends)('what PyTorch computes by automatic differentiation is measured over $name:', (backend) => {
  // A product with the Hessian is a difference of gradients; a loss is rounded once.
  const [ofProducts, ofLosses] = [differences(backend), 30 * backend.rounding];

  it.each(['one', 'several'] as const)('sharpness, %s steps', (steps) => {
    const { rho, ascentSteps, ...expected } = golden.sharpness;
    const got = measured(sharpness({ rho, ascentSteps: steps === 'one' ? 1 : ascentSteps }), network(backend));
    expect(Math.abs(got.sharpness - expected[steps])).toBeLessThan(ofLosses);
    expect(Math.abs(got.loss - golden.loss)).toBeLessThan(ofLosses);
  });

  it.each(['one', 'several'] as const)('adaptive sharpness, %s steps', (steps) => {
    const { rho, eta, ascentSteps, ...expected } = golden.adaptiveSharpness;
    const options = { rho, eta, ascentSteps: steps === 'one' ? 1 : ascentSteps };
    const got = measured(adaptiveSharpness(options), network(backend));
    expect(Math.abs(got.sharpness - expected[steps])).toBeLessThan(ofLosses);
  });

  it('a product with the Hessian', () => {
    const on = network(backend);
    const ones = on.tree(golden.weights.map(() => 1));
    const product = measured(function* ({ math, weights }) {
      return on.numbers(yield* hessianProduct(math, weights, ones, yield* differenceLength(math, weights, undefined)));
    }, on);
    expect(distance(product, golden.onesTimesHessian)).toBeLessThan(ofProducts);
  });

  it('the largest eigenvalues, and the smallest', () => {
    const { eigenvalues, smallest } = measured(hessianEigenvalues({ count: 5, iterations: 40 }), network(backend));
    for (const [i, { value, residual }] of eigenvalues.entries()) {
      expect(Math.abs(value - golden.eigenvalues[i]!)).toBeLessThan(2 * ofProducts);
      expect(residual).toBeLessThan(2 * ofProducts);
    }
    expect(Math.abs(smallest.value - golden.eigenvalues.at(-1)!)).toBeLessThan(1e-4 + 2 * ofProducts);
  });

  it('the trace', () => {
    const { trace, standardError } = measured(hessianTrace({ probes: 60 }), network(backend));
    expect(Math.abs(trace - golden.trace)).toBeLessThan(3 * standardError);
    expect(standardError).toBeLessThan(0.06 * golden.trace);
  });

  it('the term that SAM drops', () => {
    const { rho, norm, relative, cosine } = golden.secondOrderTerm;
    const got = measured(secondOrderTerm({ rho }), network(backend));
    expect(Math.abs(got.norm / norm - 1)).toBeLessThan(20 * ofProducts);
    expect(Math.abs(got.relative / relative - 1)).toBeLessThan(20 * ofProducts);
    expect(Math.abs(got.cosine - cosine)).toBeLessThan(20 * ofProducts);
  });
});

it('as many iterations as there are weights find every eigenvalue', () => {
  const { eigenvalues } = measured(hessianEigenvalues({ count: 51, iterations: 100 }), network(f64));
  for (const [i, { value }] of eigenvalues.entries())
    expect(Math.abs(value - golden.eigenvalues[i]!)).toBeLessThan(1e-7);
});

it('eigenvectors are orthonormal, and H only stretches them', () => {
  const on = network(f64);
  const before = new Set(on.alive);
  const found = measure(hessianEigenvectors({ count: 3, iterations: 40 }), on);
  expect(on.alive.size).toBe(before.size + 3 * 4); // three vectors of four leaves, which are the caller's
  const vectors = found.map(({ vector }) => on.numbers(vector));
  for (const [i, x] of vectors.entries()) {
    for (const [j, y] of vectors.entries()) {
      expect(x.reduce((sum, xk, k) => sum + xk * y[k]!, 0)).toBeCloseTo(i === j ? 1 : 0, 10);
    }
    const r = 1e-5;
    const [above, below] = [r, -r].map((s) => networkLoss(golden.weights.map((w, k) => w + s * x[k]!)).gradient);
    const stretched = above!.map((g, k) => (g - below![k]!) / (2 * r));
    expect(
      distance(
        stretched,
        x.map((xk) => found[i]!.value * xk),
      ),
    ).toBeLessThan(1e-6);
  }
  for (const { vector } of found) on.free(vector);
  expect(on.alive).toEqual(before);
});

it.each(golden.pacBayes)('the PAC-Bayes bound of $parameters parameters is that of an independent script', (one) => {
  const { bound, ...input } = one;
  expect(pacBayes(input).bound).toBeCloseTo(bound, 12);
});
