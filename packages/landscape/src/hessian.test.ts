import { NonFiniteError } from '@flatmin/core';
import { describe, expect, it } from 'vitest';
import { hessianEigenvalues, hessianEigenvectors } from './hessian-eigenvalues.ts';
import { differenceLength, unitRoundoff } from './hessian-product.ts';
import { hessianSpectrum } from './hessian-spectrum.ts';
import { hessianTrace } from './hessian-trace.ts';
import { pacBayesBound } from './pac-bayes-bound.ts';
import { secondOrderTerm } from './second-order-term.ts';
import { type AnyBackend, backends, f64 } from './testing/backends.ts';
import { landscapeOf, measured } from './testing/bench-of.ts';
import { bowl, size } from './testing/quadratics.ts';

const identity = (factor: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? factor : 0)));
const w = [1, -2, 0.5, 3, -1];

describe('a Hessian whose eigenvalues are all the same', () => {
  it.each(backends)('has each of them, from one vector after another, over $name', (backend) => {
    const { eigenvalues } = measured(hessianEigenvalues({ count: size }), bowl(backend, identity(2), w));
    for (const { value } of eigenvalues) expect(value).toBeCloseTo(2, 2);
  });

  it('and zero has each of them, exactly', () => {
    const { eigenvalues, smallest } = measured(hessianEigenvalues({ count: size }), bowl(f64, identity(0), w));
    expect([...eigenvalues, smallest]).toEqual(new Array(size + 1).fill({ value: 0, residual: 0 }));
  });
});

describe('the length of the differences', () => {
  const lengthOf = (backend: AnyBackend, weights: readonly number[], h?: number): number =>
    measured(({ math, weights }) => differenceLength(math, weights, h), bowl(backend, identity(1), weights));

  it.each(backends)('is a quarter of the cube root of the unit roundoff, in parts of ‖w‖, over $name', (backend) => {
    const roundoff = measured(({ math }) => unitRoundoff(math), bowl(backend, identity(1), w));
    expect(roundoff).toBe(backend.rounding);
    expect(lengthOf(backend, [3, 0, 0, 4, 0])).toBeCloseTo((5 * Math.cbrt(roundoff)) / 4, 12);
    expect(lengthOf(backend, [0, 0, 0, 0, 0])).toBeCloseTo(Math.cbrt(roundoff) / 4, 12);
  });

  it('is what h says in parts of ‖w‖', () => {
    expect(lengthOf(f64, [3, 0, 0, 4, 0], 0.01)).toBeCloseTo(0.05, 15);
  });

  it('knows half floats', () => {
    const half = (x: number): number => Math.round(x * 2 ** 10) / 2 ** 10;
    const leaf = {
      scalar: (x: number) => half(x),
      add: (a: number, b: number) => half(a + b),
      sub: (a: number, b: number) => half(a - b),
    };
    const procedure = unitRoundoff({ leaf } as never);
    let turn = procedure.next();
    while (turn.done !== true) turn = procedure.next((turn.value as { scalar: unknown }).scalar);
    expect(turn.value).toBe(2 ** -11);
  });
});

describe('gradients', () => {
  it.each([
    ['eigenvalues', hessianEigenvalues({ iterations: 3 }), 6],
    ['a spectrum', hessianSpectrum({ probes: 2, iterations: 4 }), 16],
    ['a trace', hessianTrace({ probes: 7 }), 14],
    ['the second-order term', secondOrderTerm(), 4],
  ] as const)('are asked for as often as said: %s', (_, what, gradients) => {
    const on = bowl(f64, identity(1), w);
    measured<unknown>(what, on);
    expect(on.asked).toEqual({ gradients, losses: 0 });
  });

  it('are asked for no oftener than there are weights, in pairs', () => {
    const on = bowl(f64, identity(1), w);
    measured(hessianEigenvalues({ iterations: 100 }), on);
    expect(on.asked.gradients).toBe(2 * size);
  });

  it('that are not finite are refused', () => {
    const spoiled = landscapeOf(f64, () => ({ loss: 1, gradient: [Number.NaN, 0] }), { w: [2] }, [1, 2]);
    const sentence = 'a product with the Hessian is not finite; give weights near which loss and gradient are.';
    for (const [name, what] of [
      ['hessianEigenvalues', hessianEigenvalues()],
      ['hessianSpectrum', hessianSpectrum()],
      ['hessianTrace', hessianTrace()],
      ['secondOrderTerm', secondOrderTerm()],
    ] as const) {
      expect(() => measured<unknown>(what, spoiled)).toThrow(new NonFiniteError(`${name}: ${sentence}`));
    }
    expect(spoiled.alive.size).toBe(1);
  });
});

it('the second-order term is zero where the gradient is', () => {
  const nothing = { norm: 0, relative: 0, cosine: 0, gradientNorm: 0 };
  expect(measured(secondOrderTerm(), bowl(f64, identity(3), [0, 0, 0, 0, 0]))).toEqual(nothing);
});

it('draws are the same for the same seed, and others for another', () => {
  const spectrum = (seed: number) => measured(hessianSpectrum({ seed, iterations: 2 }), bowl(f64, quadraticOf(), w));
  expect(spectrum(1)).toEqual(spectrum(1));
  expect(spectrum(1)).not.toEqual(spectrum(2));
  const { probes } = spectrum(1);
  expect(new Set(probes.map(({ values }) => values[0])).size).toBe(4);
});

const quadraticOf = (): number[][] => identity(1).map((row, i) => row.map((x) => x * (i + 1)));

it('the second-order term is zero where the gradient is too small for ρ/‖g‖ to be written', () => {
  const flat = landscapeOf(f64, () => ({ loss: 1, gradient: [1e-312, 0] }), { w: [2] }, [1, 2]);
  expect(measured(secondOrderTerm(), flat)).toMatchObject({ norm: 0, relative: 0 });
});

it('a tree without weights is refused', () => {
  const nothing = landscapeOf(f64, () => ({ loss: 0.5, gradient: [] }), { w: [0] }, []);
  for (const [name, what] of [
    ['hessianEigenvalues', hessianEigenvalues()],
    ['hessianSpectrum', hessianSpectrum()],
    ['pacBayesBound', pacBayesBound({ samples: 10 })],
  ] as const) {
    expect(() => measured<unknown>(what, nothing)).toThrow(
      new RangeError(`${name}: there are 0 weights; give a tree with at least one.`),
    );
  }
});

it('more eigenvalues than weights are refused', () => {
  for (const what of [hessianEigenvalues, hessianEigenvectors]) {
    expect(() => measured<unknown>(what({ count: 6 }), bowl(f64, identity(1), w))).toThrow(
      new RangeError(`${what.name}: count is 6 and there are 5 weights; ask for no more.`),
    );
  }
});
