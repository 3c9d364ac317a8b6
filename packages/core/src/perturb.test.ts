import { describe, expect, it } from 'vitest';
import { evaluate as ask } from './protocol.ts';
import type { Role } from './roles.ts';
import { sgd } from './sgd.ts';
import { type SharpnessAwareOptions, sharpnessAware } from './sharpness-aware.ts';
import { distance, type Floating, f64, flat } from './testing/kinds.ts';
import { problem, quadratic } from './testing/problems.ts';
import { climb } from './testing/variants.ts';
import { define } from './variant.ts';

const rho = 0.5;
const hessian = [
  [2, 0.5, 0.1, 0],
  [0.5, 1, 0, 0.3],
  [0.1, 0, 3, 0],
  [0, 0.3, 0, 1],
];
// One number a leaf: kernel, bias, gamma, beta.
const { start, evaluate } = problem(
  f64,
  { dense: { kernel: f64.array([1]), bias: f64.array([-2]) }, norm: { gamma: f64.array([3]), beta: f64.array([4]) } },
  quadratic(hessian),
);

// Where the second gradient of a step was asked for, less the weights.
function epsilon(options: SharpnessAwareOptions): number[] {
  const asked: Floating[] = [];
  sharpnessAware(sgd({ learningRate: 0.1 }), climb(rho), f64.algebra, options).step(start, (weights) => {
    asked.push(weights);
    return evaluate(weights);
  });
  return flat(asked[1]!).map((x, i) => x - flat(start)[i]!);
}

const g = flat(evaluate(start).gradient);
const expected = (on: readonly number[]): number[] => {
  const part = g.map((x, i) => x * on[i]!);
  return part.map((x) => (rho * x) / Math.hypot(...part));
};

describe('perturb', () => {
  it.each<[string, SharpnessAwareOptions, number[]]>([
    ['nothing given: all leaves', {}, [1, 1, 1, 1]],
    ['a path', { perturb: /^dense/ }, [1, 1, 0, 0]],
    ['a role', { perturb: ['gamma'] }, [0, 0, 1, 0]],
    ['roles', { perturb: ['weight', 'beta'] }, [1, 0, 0, 1]],
    ['a function of path and role', { perturb: (path, role) => path !== 'norm/beta' && role !== 'bias' }, [1, 0, 1, 0]],
    [
      'a role that an override tells',
      { perturb: ['bias'], roles: (path): Role | undefined => (path === 'dense/kernel' ? 'bias' : undefined) },
      [1, 1, 0, 0],
    ],
  ])('by %s: ε and its norm are over these alone, the others stay where they are', (_, options, on) => {
    const got = epsilon(options);
    expect(distance(got, expected(on))).toBeLessThan(1e-14);
    expect(got.filter((_x, i) => on[i] === 0).every((x) => x === 0)).toBe(true);
  });

  it('leaves a tree the very same where it selects all, and makes another of a part', () => {
    const selected = (perturb: RegExp): boolean[] => {
      const same: boolean[] = [];
      const looking = define({
        name: 'looking',
        *step({ weights: w, select }) {
          same.push(select(w) === w);
          return { direction: (yield* ask(w)).gradient };
        },
      });
      sharpnessAware(sgd({ learningRate: 0.1 }), looking, f64.algebra, { perturb }).step(start, evaluate);
      return same;
    };
    expect([/dense|norm/, /dense/].map(selected)).toEqual([[true], [false]]);
  });

  it('is refused where it selects nothing, before anything is evaluated', () => {
    const optimizer = sharpnessAware(sgd({ learningRate: 0.1 }), climb(rho), f64.algebra, { perturb: /conv/ });
    expect(() => optimizer.step(start, () => expect.unreachable('evaluated'))).toThrow(
      new RangeError('climb: perturb selects none of the weights; name a path or role that they have.'),
    );
  });
});
