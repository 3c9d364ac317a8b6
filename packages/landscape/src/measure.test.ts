import { type Algebra, float64, read } from '@flatmin/core';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { hessianEigenvalues, hessianEigenvectors } from './hessian-eigenvalues.ts';
import { lossAt } from './losses.ts';
import { type AsyncLandscape, type Landscape, type Measure, measure, measureAsync } from './measure.ts';
import { pacBayesBound } from './pac-bayes-bound.ts';
import { scope } from './scope.ts';
import { sharpness } from './sharpness.ts';
import { surface1d } from './surface.ts';
import { backends, f64 } from './testing/backends.ts';
import { type Counted, landscapeOf, measured } from './testing/bench-of.ts';
import { measures } from './testing/measures.ts';
import { network } from './testing/network.ts';

const slowly = async <A>(answer: A): Promise<A> => {
  await new Promise((resolve) => setTimeout(resolve));
  return answer;
};

/** The same landscape, of which every answer takes its time, and which cannot be read at once. */
const slow = ({ weights, algebra, evaluate, loss }: Counted): AsyncLandscape<unknown> => ({
  weights,
  algebra: {
    ...algebra,
    read: () => {
      throw new Error('read would block');
    },
    readAsync: (leaf) => slowly(algebra.read(leaf)),
  },
  evaluate: (at) => slowly(evaluate(at)),
  ...(loss && { loss: (at) => slowly(loss(at)) }),
});

describe.each(measures)('%s', (_, what) => {
  it.each(backends)('leaves nothing behind over $name', (backend) => {
    measured(what, network(backend));
  });

  it('measures the same when it is awaited, and leaves nothing behind', async () => {
    const on = network(f64);
    const alive = new Set(on.alive);
    const expected = measured(what, network(f64));
    // Two at once, over the same weights.
    expect(await Promise.all([measureAsync(what, slow(on)), measureAsync(what, slow(on))])).toEqual([
      expected,
      expected,
    ]);
    expect(on.alive).toEqual(alive);
  });

  it('leaves nothing behind when an evaluation fails, whichever', async () => {
    for (const fails of [1, 2, 3, 4]) {
      const on = network(f64);
      const alive = new Set(on.alive);
      let count = 0;
      const failing = <A>(answer: () => A): A => {
        if (++count === fails) throw new Error('expected');
        return answer();
      };
      const broken: Counted = {
        ...on,
        evaluate: (at) => failing(() => on.evaluate(at)),
        loss: (at) => failing(() => on.loss!(at)),
      };
      expect(() => measure(what, broken)).toThrow('expected');
      count = 0;
      await expect(measureAsync(what, slow(broken))).rejects.toThrow('expected');
      expect(on.alive).toEqual(alive);
    }
  });

  it('measures L = ½‖w‖², whose gradient is the very weights given', () => {
    const on = network(f64);
    const own = {
      ...on,
      evaluate: (weights: unknown) => ({ loss: halfSquare(on.numbers(weights)), gradient: weights }),
    };
    const fresh = {
      ...on,
      evaluate: (weights: unknown) => {
        const numbers = on.numbers(weights);
        return { loss: halfSquare(numbers), gradient: on.tree(numbers) };
      },
    };
    const loss = (weights: unknown): number => halfSquare(on.numbers(weights));
    expect(measured(what, { ...own, loss })).toEqual(measured(what, { ...fresh, loss }));
  });
});

const halfSquare = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x ** 2 / 2, 0);

describe('a landscape', () => {
  it('without a loss of its own is asked for gradients where losses are needed, and these are freed at once', () => {
    const on = network(f64);
    const { loss: _, ...without } = on;
    let most = 0;
    const counted: Counted = {
      ...without,
      evaluate: (at) => {
        most = Math.max(most, on.alive.size);
        return on.evaluate(at);
      },
    };
    const direction = on.tree(on.numbers(on.weights));
    const lossOnly = measured(surface1d({ direction }), on);
    expect(on.asked).toEqual({ gradients: 0, losses: 21 });
    expect(measured(surface1d({ direction }), counted)).toEqual(lossOnly);
    expect(on.asked.gradients).toBe(21);
    expect(most).toBeLessThan(4 * 5); // weights, direction, and the few that make w + a d
  });

  it('may lack a loss of its own and take its time', async () => {
    const { loss: _, ...slowly } = slow(network(f64));
    expect(await measureAsync(sharpness(), slowly)).toEqual(measured(sharpness(), network(f64)));
  });

  it('whose loss is not a number anywhere in the ball has none of sharpness', () => {
    let count = 0;
    const f = () => ({ loss: ++count === 2 ? Number.NaN : 1, gradient: [1] });
    const { loss: _, ...on } = landscapeOf(f64, f, { w: [1] }, [1]);
    expect(measured(sharpness({ ascentSteps: 5 }), on).sharpness).toBeNaN();
    expect(count).toBe(2);
  });

  it('is held by as many copies of the weights as there are iterations, and a few', () => {
    const on = network(f64);
    let most = 0;
    const evaluate = (at: unknown) => {
      most = Math.max(most, on.alive.size);
      return on.evaluate(at);
    };
    measured(hessianEigenvalues({ iterations: 20 }), { ...on, evaluate });
    expect(most).toBeLessThan((20 + 7) * 4); // of four leaves
  });

  it('may give its loss as a scalar', async () => {
    const on = network(f64);
    const loss = (at: unknown): unknown => on.evaluate(at).loss;
    const scalar = { ...on, loss };
    const value = measure(({ weights }) => lossAt(weights), on);
    expect(measure(({ weights }) => lossAt(weights), scalar)).toBe(value);
    expect(await measureAsync(({ weights }) => lossAt(weights), slow(scalar))).toBe(value);
  });

  it('may give its losses as numbers, which keep their digits though leaves are of float32', () => {
    const weights = Float32Array.of(1);
    const algebra = backends[1]!.algebra as Algebra<Float32Array>;
    const evaluate = ([x]: Float32Array) => ({ loss: 1e6 + x!, gradient: Float32Array.of(1) });
    expect(measure(sharpness({ rho: 2 ** -10 }), { weights, algebra, evaluate }).sharpness).toBe(2 ** -10);
  });

  it('that promises what is to be measured on the spot is refused', () => {
    const on = network(f64);
    const sentence = 'measure: the function returned a promise; await measureAsync instead.';
    const promising = { ...on, evaluate: async () => ({ loss: 1, gradient: on.weights }) };
    expect(() => measure(sharpness(), promising as never)).toThrow(new TypeError(sentence));
    expect(() => measure(sharpness(), { ...on, loss: async () => 1 } as never)).toThrow(new TypeError(sentence));
  });

  it('that promises and fails later fails once, where it is refused', async () => {
    const later = vi.fn();
    process.on('unhandledRejection', later);
    const promising = { ...network(f64), evaluate: () => Promise.reject(new Error('expected')) };
    expect(() => measure(sharpness(), promising as never)).toThrow('await measureAsync instead');
    await new Promise((resolve) => setTimeout(resolve));
    process.off('unhandledRejection', later);
    expect(later).not.toHaveBeenCalled();
  });

  it.each<[unknown, string]>([
    [undefined, 'measure: evaluate returned no loss; return { loss, gradient }.'],
    [{ gradient: Float64Array.of(1, 2) }, 'measure: evaluate returned no loss; return { loss, gradient }.'],
    [{ loss: 1 }, 'measure: evaluate returned no gradient; return { loss, gradient }.'],
    [
      { loss: 1, gradient: Float64Array.of(1) },
      "measure: evaluate returned a gradient of shape [1] for a weight of shape [2]; return one element for each of the weight's.",
    ],
    [
      { loss: 1, gradient: { w: Float64Array.of(1, 2) } },
      'measure: evaluate returned a gradient that is unlike the weights; return one leaf for each weight.',
    ],
  ])('that answers %o is refused in a sentence', (answer, sentence) => {
    const landscape = { weights: Float64Array.of(1, 2), algebra: float64, evaluate: () => answer };
    expect(() => measure(sharpness(), landscape as never)).toThrow(new TypeError(sentence));
  });

  it.each([undefined, null])('whose loss is %s is refused', (loss) => {
    const on = { ...network(f64), loss: () => loss };
    expect(() => measured(sharpness(), on as never)).toThrow('measure: the function returned no loss');
  });
});

describe('a measure', () => {
  const weights = { a: Float64Array.of(1, -2), b: [Float64Array.of(0.5)] };
  const landscape: Landscape<Float64Array, typeof weights> = {
    weights,
    algebra: float64,
    evaluate: (w) => ({
      loss: w.a[0]! ** 2 / 2,
      gradient: { a: Float64Array.of(w.a[0]!, 0), b: [Float64Array.of(0)] },
    }),
  };

  it('has the types of its landscape', () => {
    expectTypeOf(measure(sharpness(), landscape).sharpness).toEqualTypeOf<number>();
    const [{ value, vector }] = measure(hessianEigenvectors(), landscape) as [never];
    expectTypeOf(measureAsync(hessianEigenvectors(), landscape)).resolves.items.toHaveProperty('vector');
    expect(value).toBeCloseTo(1, 8);
    expect(Object.keys(vector)).toEqual(['a', 'b']);
  });

  it('may be a part of another', () => {
    const flatter: Measure<number> = function* (given) {
      const { sharpness: near } = yield* sharpness({ rho: 0.1 })(given);
      const { sharpness: far } = yield* sharpness({ rho: 0.2 })(given);
      return far / near;
    };
    expect(measure(flatter, landscape)).toBeCloseTo(0.22 / 0.105, 12);
  });

  it('may keep a tree, and hand the weights on: what the caller gets is the caller’s', () => {
    const on = network(f64);
    const before = new Set(on.alive);
    const kept = measure(({ math, weights, keep }) => {
      return scope(math, function* ({ add, norm }) {
        yield* read(norm(add(weights, weights)));
        return keep([weights, weights]);
      });
    }, on);
    expect(on.alive.size).toBe(3 * before.size);
    on.free(kept as never);
    expect(on.alive).toEqual(before);
  });
});

it('the bound of a network leaves nothing behind', () => {
  const on = { ...network(f64), loss: () => 0.25 };
  expect(measured(pacBayesBound({ samples: 1000, ascentSteps: 3 }), on).sharpLoss).toBe(0.25);
});
