import { describe, expect, it } from 'vitest';
import { hessianEigenvalues, hessianEigenvectors } from './hessian-eigenvalues.ts';
import { lanczos } from './lanczos.ts';
import { type Measure, measure, measureAsync } from './measure.ts';
import { pacBayesBound } from './pac-bayes-bound.ts';
import { normalTrees } from './random-trees.ts';
import { release } from './scope.ts';
import { sharpness } from './sharpness.ts';
import { f64 } from './testing/backends.ts';
import { type Counted, type Loss, landscapeOf, measured } from './testing/bench-of.ts';
import { measures } from './testing/measures.ts';
import { network } from './testing/network.ts';

/** L = ½ Σ λᵢ wᵢ² of twenty weights in one leaf. */
function bowl(lambda: (i: number) => number): Counted {
  const f: Loss = (w) => {
    const gradient = w.map((x, i) => lambda(i) * x);
    return { loss: w.reduce((sum, x, i) => sum + (gradient[i]! * x) / 2, 0), gradient };
  };
  return landscapeOf(f64, f, { w: [20] }, new Array(20).fill(1));
}
const curved = () => bowl((i) => i + 1);
// The space of products with its Hessian is exhausted at every iteration.
const level = () => bowl(() => 0);

describe.each([...measures, ['pacBayesBound', pacBayesBound({ samples: 100, ascentSteps: 3 })] as const])(
  '%s as a part of another measure',
  (_, what) => {
    it('has freed all that it computed when the next part begins', () => {
      const on = { ...network(f64), loss: () => 0.5 };
      const before = on.alive.size;
      measured(function* (given) {
        for (let i = 0; i < 2; i++) {
          yield* what(given);
          expect(on.alive.size).toBe(before);
        }
      }, on);
    });
  },
);

describe('Lanczos iteration', () => {
  it.each([
    ['curved', curved],
    ['level', level],
  ])('holds its basis alone when it ends, where the loss is %s', (_, make) => {
    const on = make();
    measured(function* ({ math, weights }) {
      yield* lanczos(math, weights, { owner: '', iterations: 10, r: 0.01, draw: normalTrees(0) });
      expect(on.alive.size).toBe(1 + 10);
    }, on);
  });

  it('holds no more at once where the loss is level', () => {
    const most = (on: Counted): number => {
      let most = 0;
      const evaluate = (at: unknown) => {
        most = Math.max(most, on.alive.size);
        return on.evaluate(at);
      };
      measured(hessianEigenvalues({ iterations: 10 }), { ...on, evaluate });
      return most;
    };
    expect(most(level())).toBeLessThanOrEqual(most(curved()));
  });
});

describe('vectors', () => {
  const thenSharpness: Measure<unknown> = function* (given) {
    const found = yield* hessianEigenvectors({ iterations: 1 })(given);
    return [found, yield* sharpness()(given)];
  };

  it('that were kept are freed when the measure fails after them, awaited or not', async () => {
    const on = network(f64);
    const alive = new Set(on.alive);
    const failing: Counted = {
      ...on,
      loss: () => {
        expect(on.alive.size).toBeGreaterThan(2 * alive.size); // the weights, and the vector
        throw new Error('expected');
      },
    };
    expect(() => measure(thenSharpness, failing)).toThrow('expected');
    expect(on.alive).toEqual(alive);
    await expect(measureAsync(thenSharpness, failing)).rejects.toThrow('expected');
    expect(on.alive).toEqual(alive);
  });

  it('that were not kept are freed where a measure disposes of them', () => {
    const on = network(f64);
    const before = on.alive.size;
    measured(function* ({ math, weights }) {
      const found = yield* hessianEigenvectors({ count: 2 })({ math, weights, keep: (tree) => tree });
      expect(on.alive.size).toBe(3 * before);
      for (const { vector } of found) release(math, vector);
      expect(on.alive.size).toBe(before);
    }, on);
  });
});
