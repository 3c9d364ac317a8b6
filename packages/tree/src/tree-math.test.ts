import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Algebra, float32, float64, leaves, treeMath } from './index.ts';

const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const vectors = fc
  .integer({ min: 1, max: 20 })
  .chain((n) =>
    fc.tuple(fc.array(number, { minLength: n, maxLength: n }), fc.array(number, { minLength: n, maxLength: n })),
  );
const relative = (got: number, wanted: number): number => Math.abs(got - wanted) / Math.abs(wanted);

describe.each([
  { name: 'float32', algebra: float32 as Algebra<Float32Array | Float64Array>, make: Float32Array, digits: 1e-6 },
  { name: 'float64', algebra: float64 as Algebra<Float32Array | Float64Array>, make: Float64Array, digits: 1e-14 },
])('the algebra over $name', ({ algebra, make, digits }) => {
  const math = treeMath(algebra);
  const read = algebra.read;
  const from = (x: ArrayLike<number>, f: (x: number, i: number) => number) => make.from(Array.from(x, f));

  it('does leaf arithmetic as the array type rounds it, scalars spreading on both sides', () => {
    fc.assert(
      fc.property(vectors, number, ([x, y], c) => {
        const [a, b] = [make.from(x), make.from(y)];
        const expected = (f: (p: number, q: number) => number, other: ArrayLike<number>) =>
          from(a, (p, i) => f(p, other[i]!));
        expect(algebra.add(a, b)).toEqual(expected((p, q) => p + q, b));
        expect(algebra.sub(a, b)).toEqual(expected((p, q) => p - q, b));
        expect(algebra.mul(a, b)).toEqual(expected((p, q) => p * q, b));
        expect(algebra.div(a, b)).toEqual(expected((p, q) => p / q, b));
        expect(algebra.mul(a, c)).toEqual(from(a, (p) => p * c));
        expect(algebra.sub(algebra.scalar(c), b)).toEqual(from(b, (q) => algebra.scalar(c)[0]! - q));
        expect(algebra.abs(a)).toEqual(from(a, Math.abs));
        expect(algebra.sign(a)).toEqual(from(a, Math.sign));
        expect(algebra.sqrt(algebra.abs(a))).toEqual(from(a, (p) => Math.sqrt(Math.abs(p))));
        expect(algebra.pow(algebra.abs(a), 1.5)).toEqual(from(a, (p) => Math.abs(p) ** 1.5));
      }),
    );
  });

  it('changes no operand', () => {
    const a = make.of(1, -2, 3);
    const results = [
      algebra.add(a, 1),
      algebra.mul(a, a),
      algebra.guard(algebra.scalar(1), a),
      algebra.share(a),
      algebra.normal(a, 1),
    ];
    for (const result of results) result.fill(9);
    expect(a).toEqual(make.of(1, -2, 3));
  });

  it('has one axis', () => {
    expect(algebra.shape(make.of(1, 2, 3))).toEqual([3]);
    expect(algebra.shape(new make(0))).toEqual([0]);
  });

  it.each(['add', 'sub', 'mul', 'div'] as const)('refuses to %s leaves of different lengths', (name) => {
    expect(() => algebra[name](make.of(1, 2), make.of(1, 2, 3))).toThrow(
      `${name}: a leaf of 2 elements against one of 3; give leaves of one length, or a scalar.`,
    );
  });

  it('shares a leaf as another one of the same numbers', () => {
    const a = make.of(1, -2);
    const shared = algebra.share(a);
    a[0] = 5;
    expect(shared).toEqual(make.of(1, -2));
  });

  it('is right at both ends of the number range, where squares are not', () => {
    for (const unit of [1e-30, 1, 1e30]) {
      const tree = { w: make.of(3 * unit, 0), b: make.of(-4 * unit) };
      expect(relative(read(math.norm(tree)), 5 * unit)).toBeLessThan(digits);
      const epsilon = math.ofLength(0.05, tree);
      expect(relative(read(math.norm(epsilon)), 0.05)).toBeLessThan(digits);
      expect(relative(epsilon.b[0]!, -0.04)).toBeLessThan(digits);
    }
  });

  it('adds up what cancels, in any order, without losing the small', () => {
    const [huge, some] = [2 ** 100, 2 ** 20];
    for (const x of [
      [some, huge, some, -huge],
      [huge, some, some, -huge],
      [some, some, huge, -huge],
      [-huge, some, huge, some],
    ]) {
      expect(read(algebra.sum([make.from(x)])), `${x}`).toBe(2 * some);
      expect(read(algebra.sum(x.map((value) => make.of(value)))), `${x}, one a leaf`).toBe(2 * some);
    }
  });

  it('scales every nonzero tree to the length asked for, in its own direction', () => {
    fc.assert(
      fc.property(vectors, fc.double({ min: 1e-3, max: 10, noNaN: true }), ([x], rho) => {
        const tree = [make.from(x)];
        fc.pre(read(math.norm(tree)) > 1e-20);
        const epsilon = math.ofLength(rho, tree);
        expect(relative(read(math.norm(epsilon)), rho)).toBeLessThan(10 * digits);
        expect(relative(read(math.dot(epsilon, tree)), rho * read(math.norm(tree)))).toBeLessThan(20 * digits);
      }),
    );
  });

  it('leaves a zero tree at zero', () => {
    expect(math.ofLength(1, { w: make.of(0, 0), b: new make(0) })).toEqual({ w: make.of(0, 0), b: new make(0) });
  });

  it('leaves a tree at zero that is so short that no factor could make it longer, rather than at NaN', () => {
    const shortest = make === Float32Array ? 1e-44 : 1e-322;
    expect(math.ofLength(1e3, { w: make.of(shortest, 0) })).toEqual({ w: make.of(0, 0) });
    expect(math.ofLength(-2, { w: make.of(0, 3) })).toEqual({ w: make.of(-0, -2) });
  });

  it('never hides an element that is not finite', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const tree = [make.of(1, bad), make.of(2)];
      for (const value of [math.norm(tree), math.sum(tree), math.peak(tree), math.dot(tree, tree)]) {
        expect(Number.isFinite(read(value))).toBe(false);
      }
    }
  });

  it('guards by the test scalar: positive and finite passes', () => {
    const a = make.of(1, 2);
    expect(algebra.guard(algebra.scalar(3), a)).toEqual(a);
    for (const test of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(algebra.guard(algebra.scalar(test), a)).toEqual(make.of(0, 0));
    }
  });

  it('draws normal numbers that repeat with their seed, differ without, and have mean 0 and variance 1', () => {
    const like = new make(20_000);
    const z = algebra.normal(like, 1);
    expect(z).toEqual(algebra.normal(like, 1));
    expect(z).not.toEqual(algebra.normal(like, 2));
    expect(Math.abs(read(algebra.sum([z])) / z.length)).toBeLessThan(0.03);
    expect(read(algebra.norm([z])) ** 2 / z.length).toBeCloseTo(1, 1);
  });

  it('marks the greatest elements over all leaves together, of equal ones the first', () => {
    fc.assert(
      fc.property(vectors, fc.nat(25), fc.boolean(), ([x], count, tied) => {
        const values = tied ? x.map((value) => Math.round(value / 500)) : x;
        const tree = { a: make.from(values.slice(0, 1)), b: [make.from(values.slice(1)), new make(0)] };
        const rounded = Array.from(make.from(values));
        const order = [...rounded.keys()].sort((i, j) => rounded[j]! - rounded[i]!); // stable
        const chosen = order.slice(0, count);
        const expected = rounded.map((_, i) => Number(chosen.includes(i)));
        expect(math.top(tree, count)).toEqual({
          a: make.from(expected.slice(0, 1)),
          b: [make.from(expected.slice(1)), new make(0)],
        });
      }),
    );
    expect(math.top([make.of(2, -3), make.of(2, 5)], 2)).toEqual([make.of(1, 0), make.of(0, 1)]);
    expect(math.top([make.of(-1, -3)], 1)).toEqual([make.of(1, 0)]); // the greatest, not the largest
  });

  it('takes from a tree what is along another: the rest is orthogonal to it, and with that part the tree again', () => {
    const element = fc.integer({ min: -100, max: 100 }).map((x) => x / 7); // none is too small for float32
    const pairs = fc.array(fc.tuple(element, element), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(pairs, (elements) => {
        const [a, b] = [0, 1].map((side) => {
          const values = elements.map((pair) => pair[side]!);
          return [make.from(values.slice(0, 1)), make.from(values.slice(1))];
        }) as [InstanceType<typeof make>[], InstanceType<typeof make>[]];
        const [lengthA, lengthB] = [read(math.norm(a)), read(math.norm(b))];
        fc.pre(lengthB > 0);
        const rest = math.orthogonal(a, b);
        const along = math.sub(a, rest);
        expect(Math.abs(read(math.dot(rest, b)))).toBeLessThanOrEqual(20 * digits * lengthA * lengthB);
        expect(read(math.norm(math.orthogonal(along, b)))).toBeLessThanOrEqual(20 * digits * lengthA);
      }),
    );
  });

  it('takes all of a tree that is along the other, and nothing where the other is zero or already orthogonal', () => {
    const a = { w: make.of(1, 2), b: make.of(-4) };
    expect(math.orthogonal(a, math.full(a, 0))).toEqual(a);
    expect(math.orthogonal(a, { w: make.of(0, 2), b: make.of(1) })).toEqual(a);
    for (const unit of [1e-30, 1, 1e30]) {
      const rest = math.orthogonal(math.scale(a, unit), math.scale(a, -3 * unit));
      expect(read(math.norm(rest))).toBeLessThan(10 * digits * unit);
    }
  });

  it('reduces no leaves and empty leaves to zero', () => {
    for (const none of [[], [new make(0)]]) {
      expect([algebra.sum(none), algebra.norm(none), algebra.peak(none)].map(read)).toEqual([0, 0, 0]);
    }
  });
});

describe('tree arithmetic', () => {
  const { add, sub, mul, div, scale, addScaled, dot, full, map, mean, sum, peak } = treeMath(float64);
  const a = { w: Float64Array.of(1, -2), b: [Float64Array.of(4)] };
  const b = { w: Float64Array.of(2, 4), b: [Float64Array.of(8)] };
  const flat = (tree: typeof a): number[] => leaves<Float64Array>(tree).flatMap((leaf) => [...leaf]);

  it('works on all leaves together', () => {
    expect(flat(add(a, b))).toEqual([3, 2, 12]);
    expect(flat(sub(a, b))).toEqual([-1, -6, -4]);
    expect(flat(mul(a, b))).toEqual([2, -8, 32]);
    expect(flat(div(b, a))).toEqual([2, -2, 2]);
    expect(flat(scale(a, Float64Array.of(-3)))).toEqual([-3, 6, -12]);
    expect(flat(addScaled(a, 10, b))).toEqual([21, 38, 84]);
    expect(flat(full(a, 7))).toEqual([7, 7, 7]);
    expect(flat(map((x) => x.map(Math.abs), b) as typeof b)).toEqual([2, 4, 8]);
    expect(flat(mean([a, b]) as typeof a)).toEqual([1.5, 1, 6]);
    expect([dot(a, b), sum(a), peak(a)].map(float64.read)).toEqual([26, 3, 4]);
  });

  it('names the path where two trees differ', () => {
    expect(() => add(a, { w: a.w, b: [] })).toThrow('"b/0"');
  });

  it('computes the norm of each tree once, where it is given a place to keep norms', () => {
    const computed: number[] = [];
    const counted: Algebra<Float64Array> = {
      ...float64,
      norm: (of) => {
        computed.push(of.length);
        return float64.norm(of);
      },
    };
    const keeping = treeMath(counted, new WeakMap());
    const [first, again, other] = [keeping.norm(a), keeping.norm(a), keeping.norm(b)];
    expect(again).toBe(first);
    expect([first, other].map(float64.read)).toEqual([Math.sqrt(21), Math.sqrt(84)]);
    expect(keeping.norm(a.w)).toBe(keeping.norm(a.w));
    expect(computed).toEqual([2, 2, 1]);
    const forgetful = treeMath(counted);
    expect(forgetful.norm(a)).not.toBe(forgetful.norm(a));
  });

  it.each([5, null])('has norms of leaves that are no objects, %s, too', (leaf) => {
    const { norm } = treeMath({ norm: (of: readonly unknown[]) => of.length } as Algebra<unknown>, new WeakMap());
    expect(norm(leaf)).toBe(1);
  });

  it('takes a length that is a leaf as it is', () => {
    const refusing = (): never => {
      throw new Error('made a scalar');
    };
    const { ofLength } = treeMath({ ...float64, scalar: refusing });
    expect(ofLength(Float64Array.of(2), Float64Array.of(0, 4))).toEqual(Float64Array.of(0, 2));
    expect(() => ofLength(2, Float64Array.of(4))).toThrow('made a scalar');
  });

  it('refuses the mean of nothing', () => {
    expect(() => mean([])).toThrow('give at least one');
  });

  it('adds a tree of a length in one go as it would by way of that tree, bit for bit', () => {
    const tree = (values: readonly number[]) => ({ w: Float32Array.from(values), b: [Float32Array.of(values[0]!)] });
    const math = treeMath(float32);
    fc.assert(
      fc.property(vectors, number, ([x, y], length) => {
        const [a, b] = [tree(x), tree(y)];
        expect(math.addOfLength(a, length, b)).toEqual(math.add(a, math.ofLength(length, b)));
      }),
    );
    expect(math.addOfLength(tree([1, 2]), 5, tree([0, 0]))).toEqual(tree([1, 2]));
  });

  it('adds and subtracts all leaves at once where the algebra can, and says at which path two trees differ', () => {
    const asked: number[] = [];
    const math = treeMath<Float64Array>({
      ...float64,
      addScaled: (a, factor, b) => {
        asked.push(a.length);
        return a.map((x, k) => float64.add(x, float64.mul(b[k]!, factor)));
      },
    });
    const { addScaled: _, ...leafByLeaf } = float64;
    const plain = treeMath<Float64Array>(leafByLeaf);
    fc.assert(
      fc.property(vectors, number, ([x, y], factor) => {
        const [a, b] = [x, y].map((values) => ({ w: Float64Array.from(values), b: [Float64Array.of(1)] })) as [
          { w: Float64Array; b: Float64Array[] },
          { w: Float64Array; b: Float64Array[] },
        ];
        expect(math.add(a, b)).toEqual(plain.add(a, b));
        expect(math.sub(a, b)).toEqual(plain.sub(a, b));
        expect(math.addScaled(a, factor, b)).toEqual(plain.addScaled(a, factor, b));
        expect(math.addOfLength(a, factor, b)).toEqual(plain.addOfLength(a, factor, b));
        expect(asked.splice(0)).toEqual([2, 2, 2, 2]);
      }),
    );
    const one = Float64Array.of(1);
    expect(() => math.add({ a: one, b: one }, { a: one })).toThrow('The trees differ at "b"');
    expect(asked).toEqual([]);
  });

  it('frees each product of addScaled before the next is made: they would take the memory of all weights', () => {
    let [products, most] = [0, 0];
    const { addScaled: _, ...leafByLeaf } = float64;
    const math = treeMath<Float64Array>({
      ...leafByLeaf,
      mul: (a, b) => {
        most = Math.max(most, ++products);
        return float64.mul(a, b);
      },
      dispose: () => void products--,
    });
    const tree = Array.from({ length: 5 }, (_, k) => Float64Array.of(k));
    expect(math.addScaled(tree, 2, tree)).toEqual(tree.map((leaf) => float64.mul(leaf, 3)));
    expect({ products, most }).toEqual({ products: 0, most: 1 });
  });

  it.each([
    { name: 'float32', algebra: float32 },
    { name: 'float64', algebra: float64 },
  ])(
    '$name adds a multiple in one loop, bit for bit as a product and a sum, and lets a scalar spread',
    ({ algebra }) => {
      const { addScaled, ...leafByLeaf } = algebra as Algebra<Float32Array | Float64Array>;
      const [at, like] = [treeMath({ ...leafByLeaf, addScaled: addScaled! }), treeMath(leafByLeaf)];
      const of = (values: readonly number[]) => (algebra === float32 ? Float32Array : Float64Array).from(values);
      fc.assert(
        fc.property(vectors, number, ([x, y], factor) => {
          const [a, b] = [of(x), of(y)];
          for (const f of [factor, of([factor])]) {
            expect(at.addScaled(a, f, b)).toEqual(like.addScaled(a, f, b));
            expect(at.addScaled(of([1]), f, b)).toEqual(like.addScaled(of([1]), f, b));
            expect(at.addScaled(a, f, of([2]))).toEqual(like.addScaled(a, f, of([2])));
          }
          expect(at.addScaled(a, b, of(x))).toEqual(like.addScaled(a, b, of(x)));
        }),
      );
      expect(() => at.addScaled(of([1, 2]), 1, of([1, 2, 3]))).toThrow('a leaf of 2 elements against one of 3');
    },
  );
});
