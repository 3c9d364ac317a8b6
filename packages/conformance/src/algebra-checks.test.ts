import { type Algebra, float32, float64 } from '@flatmin/core';
import { describe, expect, it, test } from 'vitest';
import { algebraChecks } from './algebra-checks.ts';
import { type Backend, float32Backend, float64Backend } from './backend.ts';
import { algebraComplaint as complaint } from './testing/breaking.ts';
import { engine, type Leaf } from './testing/counting-engine.ts';

type Changes = Partial<Algebra<Leaf>>;

const late: Backend<Leaf> = { ...engine({}, 'late'), numbers: async (leaf) => Array.from(leaf) };

const atOnce = engine(
  { addScaled: (a, factor, b) => a.map((x, k) => float64.add(x, float64.mul(b[k]!, factor))) },
  'an engine that adds all leaves at once',
);

describe.each([float64Backend, float32Backend, engine(), late, atOnce] as readonly Backend<unknown>[])(
  'over $name',
  (backend) => {
    for (const { title, run } of algebraChecks(backend)) test(title, run);
  },
);

const of = (numbers: Iterable<number>): Leaf => Float64Array.from(numbers);
const all = (leaves: readonly Leaf[]): number[] => leaves.flatMap((leaf) => [...leaf]);
const { add, sub, mul, div, sqrt, sum, norm, top, normal, full } = float64;

describe('an algebra that computes something else is caught:', () => {
  it.each<[string, string, Changes, string]>([
    ['add', 'of one more', { add: (a, b) => add(add(a, b), 1) }, 'of add([1, -2, 0.5], [4, 0.25, -8]), found [6,'],
    [
      'add',
      'of a scalar on the left alone',
      { add: (a, b) => (typeof b !== 'number' && a.length === 1 ? add(a, b).slice(0, 1) : add(a, b)) },
      'of add([0.5], [1, 2, 4, 8]), found [1.5]',
    ],
    ['add', 'of nothing', { add: (a, b) => (a.length === 0 ? of([0]) : add(a, b)) }, 'of add([], []), found [0]'],
    ['sub', 'the other way round', { sub: (a, b) => (typeof b === 'number' ? sub(a, b) : sub(b, a)) }, 'found [3,'],
    [
      'mul',
      'zero of what is not a number',
      { mul: (a, b) => mul(a, b).map((x) => (Number.isNaN(x) ? 0 : x)) },
      'of mul([NaN, Infinity, 1, -1, 0], [1, 1, -Infinity, 0, 0]), found [0,',
    ],
    [
      'div',
      'zero of a division by zero',
      { div: (a, b) => div(a, b).map((x) => (Number.isFinite(x) ? x : 0)) },
      'of div([1, -2, 0.5], 0), found [0, 0, 0]',
    ],
    [
      'computes addScaled',
      'without the factor',
      { addScaled: (a, _, b) => a.map((x, k) => add(x, b[k]!)) },
      'of addScaled([[1, -2, 0.5]], 0.5, [[4, 0.25, -8]]), found [5,',
    ],
    [
      'computes addScaled',
      'where the factor is a number',
      { addScaled: (a, factor, b) => a.map((x, k) => add(x, typeof factor === 'number' ? mul(b[k]!, factor) : b[k]!)) },
      'of addScaled([[1, -2, 0.5]], a scalar of 0.5, [[4, 0.25, -8]]), found [5,',
    ],
    [
      'sqrt',
      'of the size',
      { sqrt: (a) => sqrt(a.map(Math.abs)).map((x) => x || 0) },
      'of sqrt of [0, 2, Infinity, NaN]',
    ],
    ['abs', 'as it is', { abs: (a) => a.slice() }, 'of abs of [0, -2, 3, -Infinity, NaN], found [0, -2,'],
    ['sign', 'of zero', { sign: (a) => a.map((x) => (x < 0 ? -1 : 1)) }, 'of sign of [0, -2, 3, -1e-30, -Infinity]'],
    [
      'pow',
      '0⁰',
      { pow: (a, p) => a.map((x) => (x === 0 ? 0 : x ** p)) },
      'of the power 0 of [0, 1, 2, 0.5], found [0,',
    ],
    [
      'pow',
      'by logarithms',
      { pow: (a, p) => a.map((x) => (x === 0 ? 0 ** p : Math.exp(p * Math.log(x)))) },
      'of the power 0 of [-2, -0.5], found [NaN, NaN]',
    ],
    [
      'sum',
      'of the first leaf',
      { sum: ([a]) => sum(a === undefined ? [] : [a]) },
      'of sum([[1, -2, 3, 4], [-6], [], [0.5, 2]])',
    ],
    ['sum', 'of nothing', { sum: (x) => (all(x).length === 0 ? of([Number.NaN]) : sum(x)) }, 'of sum([]), found [NaN]'],
    ['peak', 'the largest', { peak: (x) => of([Math.max(0, ...all(x))]) }, 'expected [3] of peak([[-3]]), found [0]'],
    [
      'norm',
      'by squares',
      { norm: (x) => sqrt(sum(x.map((a) => mul(a, a)))) },
      'of norm([[3e+240], [-4e+240]]), found [Infinity]',
    ],
    [
      'norm',
      'by squares of what is small',
      { norm: (x) => (Math.max(...all(x).map(Math.abs)) > 1e100 ? norm(x) : sqrt(sum(x.map((a) => mul(a, a))))) },
      'e-240]]), found [0]',
    ],
    [
      'norm',
      'of what is finite',
      { norm: (x) => norm(x.map((a) => a.filter(Number.isFinite))) },
      'expected [Infinity] of norm([[1], [2, -Infinity]]), found [2.23',
    ],
    ['norm', 'of one', { norm: (x) => (all(x).length === 1 ? of(all(x)) : norm(x)) }, 'of norm([[-3]]), found [-3]'],
    [
      'marks',
      'the largest',
      {
        top: (x, n) =>
          top(
            x.map((a) => a.map(Math.abs)),
            n,
          ),
      },
      'of top([[1, -9, 5],',
    ],
    [
      'marks',
      'the later of equal ones',
      {
        top: (x, n) =>
          top(
            [...x].reverse().map((a) => a.toReversed()),
            n,
          )
            .reverse()
            .map((a) => a.toReversed()),
      },
      'of top([[1, -9, 5], [5, 2, -0.5, 5], [], [3]], 1), found [0, 0, 0]',
    ],
    ['marks', 'leaf by leaf', { top: (x, n) => x.flatMap((a) => top([a], n)) }, ', 1), found [1, 0, 0, 0]'],
    [
      'lets',
      'all but zero',
      { guard: (t, a) => (t[0] === 0 ? a.map(() => 0) : a.slice()) },
      'of guard(-1, [1, -2, 0.5, 0])',
    ],
    [
      'lets',
      'by multiplication',
      { guard: (t, a) => mul(a, t[0]! > 0 && t[0]! < Number.POSITIVE_INFINITY ? 1 : 0) },
      'expected [0, 0] of guard(0, [NaN, Infinity]), found [NaN, NaN]',
    ],
    ['makes by full', 'one', { full: (_, value) => of([value]) }, 'of full([1, 2, 3, 4, 5, NaN], 0), found [0]'],
    ['makes by full', 'by multiplication', { full: (a, value) => add(mul(a, 0), value) }, 'found [0, 0, 0, 0, 0, NaN]'],
    ['makes by scalar', 'zeros', { scalar: () => of([0]) }, 'expected [-2.5] of scalar(-2.5), found [0]'],
    ['draws', 'by chance', { normal: (a) => normal(a, Math.random() * 2 ** 31) }, 'the same numbers for seed 0, what'],
    ['draws', 'without a seed', { normal: (a) => normal(a, 7) }, 'other numbers for seed 1 than for seed 0, found the'],
    [
      'draws',
      'between −√3 and √3',
      { normal: (a, seed) => normal(a, seed).map((x) => Math.sqrt(3) * Math.tanh(1.1 * x)) },
      'of seed 0 within',
    ],
    ['draws', 'one number', { normal: (a, seed) => full(a, normal(a, seed)[0]!) }, 'the mean'],
    [
      'draws',
      'each number twice',
      { normal: (a, seed) => normal(a, seed).map((_, i, x) => x[i - (i % 2)]!) },
      'with the next',
    ],
    [
      'gives',
      'a copy of the first',
      { share: (a) => a.slice(0, 1) },
      'of share([1, 2, 3, 4, 5, NaN]), twice,, found [1]',
    ],
    ['tells by shape', 'one more', { shape: (a) => [a.length + 1] }, 'expected a shape of 6 elements, found [7]'],
    [
      'tells by read',
      'a list',
      { read: (a) => a as never },
      'expected read of 0 to be a number, the same to one rounding',
    ],
    ['tells by read', 'later a list', { readAsync: async (a) => a as never }, 'expected readAsync of 0 to be a number'],
  ])('%s, %s', async (name, _, changes, message) => {
    const beginning = name in float64 ? `computes ${name}` : name;
    expect(await complaint(beginning, engine(changes))).toContain(message);
  });

  it('in float32, sums that lose digits', async () => {
    const naive = (leaves: readonly Float32Array[]) => {
      let total = 0;
      for (const leaf of leaves) for (const x of leaf) total = Math.fround(total + x);
      return Float32Array.of(total);
    };
    const backend = { ...float32Backend, algebra: { ...float32, sum: naive } };
    expect(await complaint('computes sum and norm of many', backend)).toMatch(
      /expected sum of 100000 elements to be [\d.]+, to about one rounding, found [\d.]+; add up rows of √n/,
    );
  });
});
