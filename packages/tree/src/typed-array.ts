import type { Algebra } from './algebra.ts';
import { normals } from './random.ts';

type TypedArray = Float32Array | Float64Array;
/** The common part of the two array types, which TypeScript cannot express as `map` on a union. */
type Make<A extends TypedArray> = (length: number) => A;

/** Writes a ∘ b, element by element; an operand of stride 0 is a scalar. */
type Loop = (a: TypedArray, strideA: number, b: TypedArray, strideB: number, out: TypedArray) => void;

// A loop for each: one that is handed the operation as a function takes several times as long.
const loops: Readonly<Record<'add' | 'sub' | 'mul' | 'div', Loop>> = {
  add(a, strideA, b, strideB, out) {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += strideA, k += strideB) out[i] = a[j]! + b[k]!;
  },
  sub(a, strideA, b, strideB, out) {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += strideA, k += strideB) out[i] = a[j]! - b[k]!;
  },
  mul(a, strideA, b, strideB, out) {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += strideA, k += strideB) out[i] = a[j]! * b[k]!;
  },
  div(a, strideA, b, strideB, out) {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += strideA, k += strideB) out[i] = a[j]! / b[k]!;
  },
};

function elementwise<A extends TypedArray>(make: Make<A>, name: keyof typeof loops): (a: A, b: A | number) => A {
  const loop = loops[name];
  return (a, b) => {
    const other = typeof b === 'number' ? Float64Array.of(b) : b;
    if (a.length !== other.length && a.length !== 1 && other.length !== 1) {
      throw new RangeError(
        `${name}: a leaf of ${a.length} elements against one of ${other.length}; give leaves of one length, or a scalar.`,
      );
    }
    // A scalar spreads over the other operand, an empty one included.
    const strideA = a.length === 1 ? 0 : 1;
    const strideB = other.length === 1 ? 0 : 1;
    const out = make(strideA === 1 ? a.length : other.length);
    loop(a, strideA, other, strideB, out);
    return out;
  };
}

function each<A extends TypedArray>(make: Make<A>, f: (x: number) => number): (a: A) => A {
  return (a) => {
    const out = make(a.length);
    for (let i = 0; i < out.length; i++) out[i] = f(a[i]!);
    return out;
  };
}

const copied = <A extends TypedArray>(a: A): A => a.slice() as A;

// Neumaier's compensated sum: plain addition loses digits at 1e7 elements, in float64 too.
function sum(leaves: readonly TypedArray[], f: (x: number) => number): number {
  let total = 0;
  let compensation = 0;
  for (const leaf of leaves) {
    for (let i = 0; i < leaf.length; i++) {
      const x = f(leaf[i]!);
      const next = total + x;
      compensation += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
      total = next;
    }
  }
  // Beyond the largest number the compensation is ∞ − ∞; the total tells the truth.
  return Number.isFinite(compensation) ? total + compensation : total;
}

function peak(leaves: readonly TypedArray[]): number {
  let largest = 0;
  for (const leaf of leaves) for (let i = 0; i < leaf.length; i++) largest = Math.max(largest, Math.abs(leaf[i]!));
  return largest;
}

// In float64 the square of a float32 number neither underflows nor overflows, and its rounding is nothing beside that of
// the result.
function normOfSingles(leaves: readonly TypedArray[]): number {
  let total = 0;
  for (const leaf of leaves) for (let i = 0; i < leaf.length; i++) total += leaf[i]! * leaf[i]!;
  return Math.sqrt(total);
}

// Scaled by the largest element, so that squares keep away from both ends of the number range.
function normOfDoubles(leaves: readonly TypedArray[]): number {
  const scale = peak(leaves);
  if (scale === 0 || !Number.isFinite(scale)) return scale;
  return scale * Math.sqrt(sum(leaves, (x) => (x / scale) ** 2));
}

// The places of all elements, the greatest first.
function ranking(leaves: readonly TypedArray[]): { leaf: number; at: number; value: number }[] {
  const places = leaves.flatMap((elements, leaf) => Array.from(elements, (value, at) => ({ leaf, at, value })));
  return places.sort((a, b) => b.value - a.value); // stable: equal elements stay in their order
}

/** Writes a + f·b, the product rounded before the sum. */
type ScaledSum<A extends TypedArray> = (a: A, factor: number, b: A, out: A) => void;

// In one loop, and over arrays of one type: most of an optimizer's arithmetic is this.
function addScaledSingles(a: Float32Array, factor: number, b: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! + Math.fround(factor * b[i]!);
}

function addScaledDoubles(a: Float64Array, factor: number, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! + factor * b[i]!;
}

function typedArrayAlgebra<A extends TypedArray>(
  make: Make<A>,
  norm: (leaves: readonly A[]) => number,
  writeScaledSum: ScaledSum<A>,
): Algebra<A> {
  const add = elementwise(make, 'add');
  const mul = elementwise(make, 'mul');
  const addScaled = (a: A, factor: A | number, b: A): A => {
    const f = typeof factor === 'number' ? factor : factor.length === 1 ? factor[0] : undefined;
    if (f === undefined || a.length !== b.length) return add(a, mul(b, factor)); // it spreads, or throws
    const out = make(a.length);
    writeScaledSum(a, f, b, out);
    return out;
  };
  const scalar = (value: number): A => {
    const out = make(1);
    out[0] = value;
    return out;
  };
  return {
    add,
    sub: elementwise(make, 'sub'),
    mul,
    div: elementwise(make, 'div'),
    addScaled: (a, factor, b) => a.map((x, k) => addScaled(x, factor, b[k]!)),
    sqrt: each(make, Math.sqrt),
    abs: each(make, Math.abs),
    sign: each(make, Math.sign),
    pow: (a, exponent) => each(make, (x) => x ** exponent)(a),
    sum: (leaves) => scalar(sum(leaves, (x) => x)),
    peak: (leaves) => scalar(peak(leaves)),
    norm: (leaves) => scalar(norm(leaves)),
    top: (leaves, count) => {
      const masks = leaves.map(({ length }) => make(length));
      for (const { leaf, at } of ranking(leaves).slice(0, count)) masks[leaf]![at] = 1;
      return masks;
    },
    guard: (test, a) => (test[0]! > 0 && test[0]! < Number.POSITIVE_INFINITY ? copied(a) : make(a.length)),
    full: (like, value) => each(make, () => value)(like),
    scalar,
    normal: (like, seed) => {
      const next = normals(seed);
      return each(make, next)(like);
    },
    shape: (a) => [a.length],
    share: copied,
    dispose: () => {},
    read: (a) => a[0]!,
  };
}

/**
 * The algebra over `Float32Array`: training without any framework, in the precision of the engines.
 *
 * Sums and norms are accumulated in float64 and rounded once.
 *
 * @example
 * ```ts
 * float32.norm([Float32Array.of(3e30), Float32Array.of(4e30)]); // Float32Array [5e30]
 * ```
 */
export const float32: Algebra<Float32Array> = /* @__PURE__ */ typedArrayAlgebra(
  (length) => new Float32Array(length),
  normOfSingles,
  addScaledSingles,
);

/**
 * The algebra over `Float64Array`: the precision of papers and of golden traces.
 *
 * @example
 * ```ts
 * float64.add(Float64Array.of(1, 2), 0.5); // Float64Array [1.5, 2.5]
 * ```
 */
export const float64: Algebra<Float64Array> = /* @__PURE__ */ typedArrayAlgebra(
  (length) => new Float64Array(length),
  normOfDoubles,
  addScaledDoubles,
);
