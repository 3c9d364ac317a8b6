import { describe, expect, it } from 'vitest';
import { adaptiveSharpness } from './adaptive-sharpness.ts';
import { pacBayesBound } from './pac-bayes-bound.ts';
import { sharpness } from './sharpness.ts';
import { f64 } from './testing/backends.ts';
import { type Loss, landscapeOf, measured } from './testing/bench-of.ts';
import { network } from './testing/network.ts';

describe('sharpness near the top of a hill, in a ball that reaches far down the other side,', () => {
  // L = −½x² − 2y²
  const f: Loss = ([x, y]) => ({ loss: -(x! ** 2) / 2 - 2 * y! ** 2, gradient: [-x!, -4 * y!] });
  const hill = (w: readonly number[]) => landscapeOf(f64, f, { w: [2] }, w);

  it('of one step is L(w + ρĝ) − L(w), which is below 0', () => {
    const { sharpness: rise, perturbedLoss } = measured(sharpness({ rho: 1 }), hill([0.1, 0]));
    expect(rise).toBeCloseTo(-0.4, 15);
    expect(perturbedLoss).toBeCloseTo(-0.405, 15);
  });

  it.each([2, 10])('of %d steps is at least 0, for w itself is in the ball', (ascentSteps) => {
    const w = [0.1, 0.02];
    expect(measured(sharpness({ rho: 1, ascentSteps }), hill(w))).toEqual({
      loss: f(w).loss,
      perturbedLoss: f(w).loss,
      sharpness: 0,
    });
  });
});

it.each([
  ['sharpness', sharpness({ ascentSteps: 3 }), 1],
  ['the bound, of which every loss is another', pacBayesBound({ samples: 100, ascentSteps: 3 }), 4],
] as const)('three steps are three gradients, and as many losses as said: %s', (_, what, losses) => {
  const on = network(f64);
  measured<unknown>(what, { ...on, loss: (w) => Math.min(1, Number(on.loss!(w))) });
  expect(on.asked).toEqual({ gradients: 3, losses });
});

describe('adaptive sharpness, when a ReLU layer is scaled up and the next one down,', () => {
  // f(x) = v relu(ux + b) + c, with a squared error at three points.
  const relu = ([u, b, v, c]: readonly number[]) => {
    const samples = [-0.5, 0.25, 1].map((x) => {
      const [input, hidden] = [x, Math.max(0, u! * x + b!)];
      const error = v! * hidden + c! - 0.5;
      const back = hidden > 0 ? error * v! : 0;
      return { loss: error ** 2 / 2, gradient: [back * input, back, error * hidden, error] };
    });
    return {
      loss: samples.reduce((sum, { loss }) => sum + loss, 0),
      gradient: [0, 1, 2, 3].map((k) => samples.reduce((sum, { gradient }) => sum + gradient[k]!, 0)),
    };
  };
  const shapes = { kernel1: [1], bias1: [1], kernel2: [1], bias2: [1] };
  const at = (scale: number, options: object): number => {
    const w = [0.8 * scale, 0.6 * scale, 0.9 / scale, -0.3];
    return measured(adaptiveSharpness({ rho: 0.1, ...options }), landscapeOf(f64, relu, shapes, w)).sharpness;
  };

  it('stays as it is with η = 0 where every leaf is adaptive, and only so', () => {
    const everywhere = { adaptive: () => true };
    expect(at(10, { eta: 0, ...everywhere }) / at(1, { eta: 0, ...everywhere })).toBeCloseTo(1, 12);
    for (const options of [{}, { eta: 0 }, everywhere])
      expect(Math.abs(at(10, options) / at(1, options) - 1)).toBeGreaterThan(0.001);
  });
});
