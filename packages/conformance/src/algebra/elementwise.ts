import type { Algebra } from '@flatmin/core';
import { show } from '../check.ts';
import { matrix, scalar, vector } from './operands.ts';
import { type AlgebraRule, type Case, cases, type Operand } from './trial.ts';

type Binary = 'add' | 'sub' | 'mul' | 'div';

const binaries: Readonly<Record<Binary, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

const pairs: readonly (readonly [Operand, Operand | number])[] = [
  [vector(1, -2, 0.5), vector(4, 0.25, -8)],
  [matrix([1, 2, 3], [4, 5, 6]), matrix([2, 4, 8], [-1, -2, -4])],
  [vector(1, -2, 0.5), 4],
  [vector(1, -2, 0.5), 0],
  [vector(1, -2, 0.5), 1],
  [matrix([1, 2], [3, 4]), scalar(0.5)],
  [scalar(0.5), matrix([1, 2], [4, 8])],
  [scalar(3), scalar(4)],
  [scalar(3), 4],
  [vector(), vector()],
  [vector(), 2],
  [vector(), scalar(2)],
  [scalar(2), vector()],
  [vector(Number.NaN, Number.POSITIVE_INFINITY, 1, -1, 0), vector(1, 1, Number.NEGATIVE_INFINITY, 0, 0)],
];

const text = (of: Operand | number): string => (typeof of === 'number' ? String(of) : show(of.numbers));

function binaryCase(name: Binary, a: Operand, b: Operand | number): Case {
  const f = binaries[name];
  const others = typeof b === 'number' ? [b] : b.numbers;
  const isScalar = a.shape.length === 0 && typeof b !== 'number';
  const [shape, length] = isScalar ? [b.shape, others.length] : [a.shape, a.numbers.length];
  const at = (numbers: readonly number[], i: number): number => numbers[numbers.length === 1 ? 0 : i]!;
  return {
    title: `${name}(${text(a)}, ${text(b)})`,
    given: typeof b === 'number' ? [a] : [a, b],
    apply: (algebra, [x, y]) => [algebra[name](x!, typeof b === 'number' ? b : y!)],
    expected: [{ numbers: Array.from({ length }, (_, i) => f(at(a.numbers, i), at(others, i))), shape }],
  };
}

// One handle on both sides.
function withItself(name: Binary): Case {
  const a = vector(1, -2, 0.5);
  return {
    title: `${name}(a, a), a = ${text(a)},`,
    given: [a],
    apply: (algebra, [x]) => [algebra[name](x!, x!)],
    expected: [{ ...a, numbers: a.numbers.map((x) => binaries[name](x, x)) }],
  };
}

const binaryRules = (Object.keys(binaries) as Binary[]).map((name) =>
  cases(`computes ${name} element by element, a scalar spreading over the other side`, () => [
    ...pairs.map(([a, b]) => binaryCase(name, a, b)),
    withItself(name),
  ]),
);

function unaryCase(
  title: string,
  a: Operand,
  apply: <T>(algebra: Algebra<T>, x: T) => T,
  f: (x: number) => number,
): Case {
  return {
    title: `${title} of ${show(a.numbers)}`,
    given: [a],
    apply: (algebra, [x]) => [apply(algebra, x!)],
    expected: [{ ...a, numbers: a.numbers.map(f) }],
  };
}

// Lists of leaves; the factor as a number, and where the backend computes.
const lists: readonly (readonly (readonly [a: Operand, b: Operand])[])[] = [
  [],
  [[vector(1, -2, 0.5), vector(4, 0.25, -8)]],
  [
    [matrix([1, 2], [3, 4]), matrix([5, 6], [7, 8])],
    [vector(), vector()],
    [scalar(-1), scalar(2)],
    [vector(Number.NaN, 1, 0), vector(1, Number.POSITIVE_INFINITY, 0)],
  ],
];

const addScaled: AlgebraRule = {
  rule: 'computes addScaled, where it is there: aᵢ + factor · bᵢ for all leaves at once',
  async check(trial) {
    if (trial.backend.algebra.addScaled === undefined) return;
    for (const pairs of lists) {
      for (const factor of [0.5, -1, 0]) {
        for (const onHost of [true, false]) await trial.holds(addScaledCase(pairs, factor, onHost));
      }
    }
  },
};

function addScaledCase(pairs: (typeof lists)[number], factor: number, onHost: boolean): Case {
  const text = (place: 0 | 1): string => show(pairs.map((pair) => pair[place].numbers));
  return {
    title: `addScaled(${text(0)}, ${onHost ? factor : `a scalar of ${factor}`}, ${text(1)})`,
    given: [...pairs.map(([a]) => a), ...pairs.map(([, b]) => b), scalar(factor)],
    apply: (algebra, leaves) => {
      const [a, b] = [leaves.slice(0, pairs.length), leaves.slice(pairs.length, -1)];
      return algebra.addScaled!(a, onHost ? factor : leaves.at(-1)!, b);
    },
    expected: pairs.map(([a, b]) => ({ ...a, numbers: a.numbers.map((x, i) => x + factor * b.numbers[i]!) })),
  };
}

const shapes: readonly Operand[] = [matrix([1, 4], [9, 0.25]), scalar(4), vector()];

const sqrt = cases('computes sqrt: √a', () =>
  [...shapes, vector(0, 2, Number.POSITIVE_INFINITY, Number.NaN)].map((a) =>
    unaryCase('sqrt', a, (algebra, x) => algebra.sqrt(x), Math.sqrt),
  ),
);

const abs = cases('computes abs: |a|', () =>
  [...shapes, vector(0, -2, 3, Number.NEGATIVE_INFINITY, Number.NaN)].map((a) =>
    unaryCase('abs', a, (algebra, x) => algebra.abs(x), Math.abs),
  ),
);

const sign = cases('computes sign: −1, 0 or 1', () =>
  [...shapes, vector(0, -2, 3, -1e-30, Number.NEGATIVE_INFINITY)].map((a) =>
    unaryCase('sign', a, (algebra, x) => algebra.sign(x), Math.sign),
  ),
);

const pow = cases('computes pow: a to a constant power, 0⁰ being 1', () =>
  [0, 0.5, 1, 2, 3, -1].flatMap((exponent) =>
    [...shapes, vector(0, 1, 2, 0.5), ...(Number.isInteger(exponent) ? [vector(-2, -0.5)] : [])].map((a) =>
      unaryCase(
        `the power ${exponent}`,
        a,
        (algebra, x) => algebra.pow(x, exponent),
        (x) => x ** exponent,
      ),
    ),
  ),
);

/** What is done to each element. */
export const elementwiseRules: readonly AlgebraRule[] = [...binaryRules, addScaled, sqrt, abs, sign, pow];
