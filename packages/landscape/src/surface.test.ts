import { TreeStructureError } from '@flatmin/core';
import { describe, expect, it } from 'vitest';
import { filterNormalisedDirection } from './filter-normalised-direction.ts';
import { measure } from './measure.ts';
import { surface1d, surface2d } from './surface.ts';
import { backends, f64 } from './testing/backends.ts';
import { type Loss, landscapeOf, measured } from './testing/bench-of.ts';

// L = (x − 1)² + 2y² + xy
const f: Loss = ([x, y]) => ({
  loss: (x! - 1) ** 2 + 2 * y! ** 2 + x! * y!,
  gradient: [2 * (x! - 1) + y!, 4 * y! + x!],
});
const w = [0.1, -0.3];

describe.each(backends)('a surface over $name', (backend) => {
  const on = landscapeOf(backend, f, { x: [1], y: [1] }, w);
  const [here, one, other] = [on.numbers(on.weights), on.tree([1, 2]), on.tree([-0.5, 0.25])];

  it('on a line has the losses along it, at evenly spaced points', () => {
    const { axis, losses, centre } = measured(surface1d({ direction: one, range: [-0.5, 1], points: 4 }), on);
    expect(axis).toEqual([-0.5, 0, expect.closeTo(0.5, 15), 1]);
    for (const [i, a] of axis.entries()) {
      expect(losses[i]).toBeCloseTo(f([w[0]! + a, w[1]! + 2 * a]).loss, 5);
    }
    expect(losses[1]).toBe(centre);
  });

  it('on a plane has a row for each point along the first direction', () => {
    const { axis, losses } = measured(surface2d({ directions: [one, other], points: 5 }), on);
    expect(axis).toEqual([-1, -0.5, 0, 0.5, 1]);
    for (const [i, a] of axis.entries()) {
      for (const [j, b] of axis.entries()) {
        expect(losses[i]![j]).toBeCloseTo(f([w[0]! + a - 0.5 * b, w[1]! + 2 * a + 0.25 * b]).loss, 5);
      }
    }
  });

  it.each([0.1, 0.3, 0.7, 1, 3.3])('has L(w) at its centre, bit for bit: range %f', (reach) => {
    const range = [-reach, reach] as const;
    const line = measured(surface1d({ direction: one, range }), on);
    const plane = measured(surface2d({ directions: [one, other], range, points: 3 }), on);
    expect([line.axis[10], line.losses[10], line.centre]).toEqual([0, f(here).loss, f(here).loss]);
    expect([plane.axis[1], plane.losses[1]![1], plane.centre]).toEqual([0, f(here).loss, f(here).loss]);
  });
});

it('a range without 0 has no centre among its points, and tells L(w) beside them', () => {
  const on = landscapeOf(f64, f, { x: [1], y: [1] }, w);
  const { axis, losses, centre } = measure(surface1d({ direction: on.tree([1, 0]), range: [1, 2], points: 2 }), on);
  expect(axis).toEqual([1, 2]);
  expect(losses).not.toContain(centre);
  expect(centre).toBe(f(w).loss);
  expect(on.asked).toEqual({ gradients: 0, losses: 3 });
});

it('a direction that is unlike the weights is refused, and leaves nothing behind', () => {
  const on = landscapeOf(f64, f, { x: [1], y: [1] }, w);
  const alive = new Set(on.alive);
  const direction: unknown = { x: Float64Array.of(1) };
  expect(() => measure(surface1d({ direction }), on)).toThrow(TreeStructureError);
  const whole = on.tree([1, 2]);
  expect(() => measure(surface2d({ directions: [whole, direction] }), on)).toThrow(
    'The trees differ at "y": directions[1] of surface2d is unlike the weights; give trees of the same structure.',
  );
  on.free(whole);
  expect(on.alive).toEqual(alive);
});

it.each(backends)('a direction of one element does not spread over a weight of several, over $name', (backend) => {
  const on = landscapeOf(backend, f, { w: [2] }, w);
  const [whole, one] = [on.tree([1, 2]), on.algebra.scalar(1)];
  const short: unknown = { w: one };
  const shape = `[${on.algebra.shape(one).join(', ')}]`;
  const sentence = `has the shape ${shape} at "w", and the weights [2]; give one element for each of theirs.`;
  expect(() => measured(surface1d({ direction: short }), on)).toThrow(
    new RangeError(`surface1d: direction ${sentence}`),
  );
  expect(() => measured(surface2d({ directions: [whole, short] }), on)).toThrow(
    new RangeError(`surface2d: directions[1] ${sentence}`),
  );
  expect(on.asked).toEqual({ gradients: 0, losses: 0 });
});

describe('a filter-normalised direction', () => {
  const shapes = { conv: [2, 2, 3, 4], dense: [5, 3], bias: [3], gamma: [1], scalar: [] };
  const sizes = Object.values(shapes).map((shape) => shape.reduce((product: number, n) => product * n, 1));
  const weights = Object.fromEntries(
    Object.keys(shapes).map((name, k) => [name, Float64Array.from({ length: sizes[k]! }, (_, i) => Math.sin(k + i))]),
  );
  const host = {
    values: (leaf: Float64Array) => leaf,
    shape: (_: Float64Array, path: string) => shapes[path as keyof typeof shapes],
    leaf: (values: Float64Array) => values,
  };
  const norms = (values: Float64Array, filter: (i: number) => number): number[] => {
    const squares: number[] = [];
    for (const [i, x] of values.entries()) squares[filter(i)] = (squares[filter(i)] ?? 0) + x ** 2;
    return squares.map(Math.sqrt);
  };

  it('has filters as long as those of the weights, and none elsewhere', () => {
    const direction = filterNormalisedDirection(weights, host);
    for (const [name, filters] of [
      ['conv', 4],
      ['dense', 3],
    ] as const) {
      const expected = norms(weights[name]!, (i) => i % filters);
      for (const [j, norm] of norms(direction[name]!, (i) => i % filters).entries()) {
        expect(norm).toBeCloseTo(expected[j]!, 12);
      }
      expect(direction[name]).not.toEqual(weights[name]);
    }
    for (const name of ['bias', 'gamma', 'scalar']) expect(norms(direction[name]!, () => 0)).toEqual([0]);
  });

  it('counts filters along the first axis where that is wanted', () => {
    const direction = filterNormalisedDirection(weights, host, { filterAxis: 'first' });
    for (const [name, filters, each] of [
      ['conv', 2, 24],
      ['dense', 5, 3],
    ] as const) {
      const expected = norms(weights[name]!, (i) => Math.floor(i / each));
      const got = norms(direction[name]!, (i) => Math.floor(i / each));
      expect(got).toHaveLength(filters);
      for (const [j, norm] of got.entries()) expect(norm).toBeCloseTo(expected[j]!, 12);
    }
  });

  it('counts filters along the axes that a function tells, by path and shape', () => {
    const kernels = { depthwise: [2, 2, 3, 2], transposed: [2, 2, 4, 3], dense: [5, 3], bias: [3] };
    const axes: Readonly<Record<string, readonly number[]>> = { depthwise: [2, 3], transposed: [2], dense: [1] };
    // Each element a number of its own, so that no two filters are as long as one another.
    const like = Object.fromEntries(
      Object.entries(kernels).map(([name, shape]) => {
        const size = shape.reduce((product, length) => product * length, 1);
        return [name, Float64Array.from({ length: size }, (_, i) => 1 + i)];
      }),
    );
    const asked: unknown[] = [];
    const direction = filterNormalisedDirection(
      like,
      { ...host, shape: (_, path) => kernels[path as keyof typeof kernels] },
      {
        filterAxis: (path, shape) => {
          asked.push([path, shape]);
          return axes[path]!;
        },
      },
    );
    expect(asked).toEqual(Object.entries(kernels).slice(0, 3));
    for (const [name, filter] of [
      ['depthwise', (i: number) => i % 6],
      ['transposed', (i: number) => Math.floor(i / 3) % 4],
      ['dense', (i: number) => i % 3],
    ] as const) {
      const expected = norms(like[name]!, filter);
      expect(norms(direction[name]!, filter)).toEqual(expected.map((norm) => expect.closeTo(norm, 10)));
    }
  });

  it('may have biases, too, each as one filter', () => {
    const direction = filterNormalisedDirection(weights, host, { vectors: 'normalised' });
    for (const name of ['bias', 'gamma', 'scalar']) {
      expect(norms(direction[name]!, () => 0)[0]).toBeCloseTo(norms(weights[name]!, () => 0)[0]!, 12);
    }
  });

  it('is the same for the same seed, and another for another', () => {
    const [one, again, other] = [1, 1, 2].map((seed) => filterNormalisedDirection(weights, host, { seed }));
    expect(one).toEqual(again);
    expect(one!['dense']).not.toEqual(other!['dense']);
  });

  it('is zero in a filter that is zero', () => {
    const direction = filterNormalisedDirection({ dense: new Float64Array(15) }, host);
    expect([...direction.dense].map(Math.abs)).toEqual(new Array(15).fill(0));
  });

  it('is uploaded by the caller, whatever the leaves are', () => {
    for (const backend of backends) {
      const on = landscapeOf(backend, f, { kernel: [1, 2] }, w);
      const direction = filterNormalisedDirection<unknown, typeof on.weights>(on.weights, {
        values: (leaf) => on.numbers(leaf as never),
        shape: () => [1, 2],
        leaf: (values, shape) => backend.from([...values], shape),
      });
      expect(backend.numbers((direction as { kernel: unknown }).kernel).map(Math.abs)).toEqual(
        on.numbers(on.weights).map((x) => expect.closeTo(Math.abs(x), 6)),
      );
    }
  });

  it('refuses a shape that is not the values', () => {
    const wrong = { ...host, shape: () => [2, 2] };
    expect(() => filterNormalisedDirection(weights, wrong)).toThrow(
      new RangeError(
        'filterNormalisedDirection: "conv" has 48 values and the shape [2, 2]; give the shape of the values.',
      ),
    );
  });

  it.each<[unknown, string]>([
    [[4], '[4]'],
    [[0.5], '[0.5]'],
    ['last', '"last"'],
  ])('refuses axes that the leaf has not, such as %j', (axes, shown) => {
    expect(() => filterNormalisedDirection(weights, host, { filterAxis: () => axes as never })).toThrow(
      new RangeError(
        `filterNormalisedDirection: filterAxis gives ${shown} for "conv" of shape [2, 2, 3, 4]; give a list of its axes, from 0 to 3.`,
      ),
    );
  });

  it('makes no leaf before all are known to be right', () => {
    let made = 0;
    const last = {
      values: host.values,
      shape: (leaf: Float64Array, path: string) => (path === 'scalar' ? [2] : host.shape(leaf, path)),
      leaf: (values: Float64Array) => {
        made++;
        return values;
      },
    };
    expect(() => filterNormalisedDirection(weights, last)).toThrow('"scalar" has 1 values');
    expect(made).toBe(0);
  });
});
