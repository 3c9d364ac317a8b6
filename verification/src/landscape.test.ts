import { leaves, type ParamTree } from '@flatmin/core';
import {
  adaptiveSharpness,
  hessianEigenvalues,
  hessianTrace,
  type Landscape,
  measure,
  measureAsync,
  sharpness,
  surface1d,
} from '@flatmin/landscape';
import { describe, expect, it } from 'vitest';
import { type Engine, engines } from './engines.ts';

// L = ½ Σ λᵢ wᵢ² + w₀w₁
const diagonal = [4, 3, 1, 0.5, 2, -1];
const start = [0.5, -1, 2, 1, -0.25, 0.75];
const lossOf = (w: readonly number[]): number =>
  w.reduce((sum, x, i) => sum + (diagonal[i]! * x ** 2) / 2, w[0]! * w[1]!);
const gradientOf = (w: readonly number[]): number[] =>
  w.map((x, i) => diagonal[i]! * x + (i === 0 ? w[1]! : 0) + (i === 1 ? w[0]! : 0));
const largest = 3.5 + Math.sqrt(0.25 + 1);

function landscapeOver({ backend }: Engine): Landscape<unknown> {
  const tree = (w: readonly number[]): ParamTree<unknown> =>
    ({ kernel: backend.from(w.slice(0, 4), [2, 2]), bias: backend.from(w.slice(4), [2]) }) as ParamTree<unknown>;
  const numbers = (given: ParamTree<unknown>): number[] => leaves(given).flatMap((leaf) => backend.numbers(leaf));
  return {
    weights: tree(start),
    algebra: backend.algebra,
    evaluate: (weights) => ({ loss: lossOf(numbers(weights)), gradient: tree(gradientOf(numbers(weights))) }),
    loss: (weights) => lossOf(numbers(weights)),
  };
}

const far = (backend: Engine['backend']): number => 30 * backend.rounding ** (2 / 3);

describe.each(engines)('flatness over $backend.name', (engine) => {
  it('is what the equations say, on the spot and awaited, and leaves nothing behind', async () => {
    await engine.use();
    const on = landscapeOver(engine);
    const live = engine.backend.live?.();

    const g = gradientOf(start);
    const [rho, norm] = [0.1, Math.hypot(...g)];
    const rise = lossOf(start.map((w, i) => w + (rho * g[i]!) / norm)) - lossOf(start);
    expect(Math.abs(measure(sharpness({ rho }), on).sharpness - rise)).toBeLessThan(1e4 * engine.backend.rounding);

    const t = start.map((w, i) => (i < 4 ? Math.abs(w) + 0.01 : 1));
    const scale = rho / Math.hypot(...g.map((x, i) => t[i]! * x));
    const adapted = lossOf(start.map((w, i) => w + scale * t[i]! ** 2 * g[i]!)) - lossOf(start);
    const { sharpness: adaptive } = await measureAsync(adaptiveSharpness({ rho }), on);
    expect(Math.abs(adaptive - adapted)).toBeLessThan(1e4 * engine.backend.rounding);

    const { eigenvalues, smallest } = measure(hessianEigenvalues({ iterations: 6 }), on);
    expect(Math.abs(eigenvalues[0]!.value - largest)).toBeLessThan(4 * far(engine.backend));
    expect(Math.abs(smallest.value + 1)).toBeLessThan(4 * far(engine.backend));
    expect(await measureAsync(hessianEigenvalues({ iterations: 6 }), on)).toEqual({ eigenvalues, smallest });

    const { trace, standardError } = measure(hessianTrace({ probes: 40 }), on);
    expect(Math.abs(trace - 9.5)).toBeLessThan(4 * standardError);

    const { losses, centre } = measure(surface1d({ direction: on.weights, points: 3 }), on);
    expect([losses[0], losses[1]]).toEqual([0, centre]);
    expect(losses[2]).toBeCloseTo(4 * centre, 4);
    expect(engine.backend.live?.()).toBe(live);
  });
});
