import { entries } from '@flatmin/tree';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sam } from '../../sam/src/sam.ts';
import { esam, msam, vasso } from '../../zoo/src/index.ts';
import { withDiagnostics } from './diagnostics.ts';
import { evaluate } from './protocol.ts';
import { type RhoFactor, rhoByPath } from './rho-by-path.ts';
import { roleOf } from './roles.ts';
import { Session } from './session.ts';
import { type Floats, f64 } from './testing/kinds.ts';
import { normOf } from './testing/numbers.ts';
import { type BatchProblem, between, problems, regression, runs } from './testing/regression.ts';
import { restless } from './testing/variants.ts';
import { expectNear, walk } from './testing/walk.ts';
import { define, type Variant } from './variant.ts';

const rho = 0.5;

const problem = regression({
  layers: [
    [
      ['kernel', 3],
      ['bias', 2],
    ],
    [
      ['gamma', 2],
      ['kernel', 1],
    ],
  ],
  seed: 4,
  curved: true,
});

/** Factors by role, kernels first. */
const byRole = (weight: number, bias: number, gamma: number): readonly RhoFactor[] => [
  [['weight'], weight],
  [['bias', 'beta'], bias],
  [['gamma', 'weight'], gamma],
];

/** Something by element, where a number is asked for by its path. */
const perElement = <R>(of: BatchProblem, f: (path: string) => R): R[] =>
  entries<Floats>(of.start).flatMap(([path, leaf]) => [...leaf].map(() => f(path)));

const factorOf =
  (factors: readonly RhoFactor[]) =>
  (path: string): number =>
    factors.find(([selector]) => (selector as readonly string[]).includes(roleOf(path)))?.[1] ?? 1;

describe('rhoByPath', () => {
  it('multiplies the perturbation of each leaf by the factor of the first selector that means it', () => {
    const factors = byRole(0.1, 3, 0);
    for (const { w, asked } of walk(rhoByPath(sam({ rho }), factors), problem)) {
      const { gradient: g, weights } = asked[0]!;
      expect(weights).toEqual(w);
      // The norm is over all leaves, whatever their factors.
      const f = perElement(problem, factorOf(factors));
      expectNear(
        asked[1]!.weights,
        w.map((x, i) => x + (f[i]! * rho * g[i]!) / normOf(g)),
      );
    }
  });

  it('keeps leaves of the factor 1, those of none and those of 0 bit for bit', () => {
    fc.assert(
      // By a ρ that is large beside the weights, adding and subtracting these would round.
      fc.property(between(0, 2), fc.constantFrom(0.5, 1e4), (factor, rho) => {
        const [bare] = walk(sam({ rho }), problem, { steps: 1 });
        const [got] = walk(
          rhoByPath(sam({ rho }), [
            [/kernel/, 1],
            [/bias/, 0],
            [/gamma/, factor],
          ]),
          problem,
          { steps: 1 },
        );
        for (const [i, path] of perElement(problem, (path) => path).entries()) {
          if (path.endsWith('kernel')) expect(got!.asked[1]!.weights[i]).toBe(bare!.asked[1]!.weights[i]);
          if (path.endsWith('bias')) expect(got!.asked[1]!.weights[i]).toBe(got!.w[i]);
        }
      }),
    );
  });

  it('keeps a point bit for bit at a factor of 1 that the way there from w would round', () => {
    const near = define({
      name: 'near',
      *step({ math: { scale }, weights: w }) {
        yield* evaluate(scale(w, 1e-20));
        return { direction: (yield* evaluate(w)).gradient };
      },
    });
    const at = (variant: Variant) => walk(variant, problem, { steps: 1 })[0]!.asked[0]!.weights;
    expect(at(rhoByPath(near, [[/(?:)/, 1]]))).toEqual(at(near));
  });

  it('stays at w bit for bit where the variant does, and at a factor of 0 wherever it goes', () => {
    const start = { kernel: f64.array([-0, 1]), bias: f64.array([2]) };
    const asked: unknown[] = [];
    const run = (step: Variant['step'], factor: number) => {
      const variant = rhoByPath(define({ name: 'some', step }), [[/(?:)/, factor]]);
      new Session<Floats>(variant, f64.algebra).run(start, 0.1, {
        evaluate: ({ weights }) => {
          asked.push(weights);
          return { loss: f64.array([1]), gradient: start };
        },
      });
    };
    // The leaves of w in another tree: −0 + f · (−0 − −0) would be 0.
    run(function* ({ math: { map }, weights: w }) {
      return { direction: (yield* evaluate(map((x) => x, w))).gradient };
    }, 0.5);
    // Far beyond what a difference can hold: 0 · ∞ would be NaN.
    run(function* ({ math: { full }, weights: w }) {
      return { direction: (yield* evaluate(full(w, Number.POSITIVE_INFINITY))).gradient };
    }, 0);
    expect(asked).toEqual([start, start]);
  });

  it('leaves alone what else its variant asks for, such as a scalar’s value', () => {
    const factors: readonly RhoFactor[] = [[/(?:)/, 1]];
    expect(walk(rhoByPath(restless(rho), factors), problem)).toEqual(walk(restless(rho), problem));
  });

  it.each([sam({ rho }), sam({ rho, ascentSteps: 2 }), vasso({ rho }), msam({ rho }), esam({ rho })])(
    'is $name itself, bit for bit, where all factors are 1',
    (variant) => {
      fc.assert(
        fc.property(problems, (random) => {
          const all: readonly RhoFactor[] = [[['weight', 'bias', 'gamma', 'beta'], 1]];
          expect(walk(rhoByPath(variant, all), random)).toEqual(walk(variant, random));
        }),
        runs,
      );
    },
  );

  it('is the variant of another ρ where all factors are the same, losses of samples included', () => {
    fc.assert(
      fc.property(problems, between(0.1, 3), (random, factor) => {
        const all: readonly RhoFactor[] = [[/(?:)/, factor]];
        const scaled = walk(rhoByPath(esam({ rho, beta: 1 }), all), random);
        for (const [i, { asked }] of walk(esam({ rho: factor * rho, beta: 1 }), random).entries()) {
          for (const [j, { weights }] of asked.entries()) expectNear(scaled[i]!.asked[j]!.weights, weights, 1e-9);
        }
      }),
      runs,
    );
  });

  it('moves probes too, so that differences of gradients stay differences', () => {
    const secondOrder = sam({ rho, secondOrder: true });
    const factors = byRole(0.1, 3, 0);
    const f = perElement(problem, factorOf(factors));
    const [{ w, asked }] = walk(rhoByPath(secondOrder, factors), problem, { steps: 1 }) as [ReturnType<typeof walk>[0]];
    const probes = asked.filter(({ about }) => about.probe);
    expect(probes).toHaveLength(2);
    const [above, below] = probes.map(({ weights }) => weights.map((x, i) => x - w[i]!));
    // Still on either side of w, along a direction that is scaled.
    expectNear(
      above,
      below!.map((x) => -x),
    );
    for (const [i, x] of above!.entries()) if (f[i] === 0) expect(x).toBe(0);
  });

  it('leaves an evaluation alone that looks ahead', () => {
    const ahead = define({
      name: 'ahead',
      *step({ math: { add, scale }, weights: w }) {
        const { gradient: g } = yield* evaluate(w);
        yield* evaluate(add(w, g));
        return { direction: (yield* evaluate(add(w, scale(g, -1)), { lookAhead: true })).gradient };
      },
    });
    const [bare] = walk(ahead, problem, { steps: 1 });
    const [got] = walk(rhoByPath(ahead, [[/(?:)/, 0]]), problem, { steps: 1 });
    expect(got!.asked.map(({ weights }) => weights)).toEqual([got!.w, got!.w, bare!.asked[2]!.weights]);
  });

  it('shows in diagnostics around it', () => {
    const session = new Session<Floats>(withDiagnostics(rhoByPath(sam({ rho }), [[/(?:)/, 0.1]])), f64.algebra);
    const { diagnostics } = session.run(problem.start, 0.1, {
      evaluate: ({ weights, ...about }) => {
        const { gradient } = problem.at(0)(weights, about as never);
        return { loss: f64.array([1]), gradient };
      },
    });
    expect(diagnostics['epsilonNorm']![0 as never]).toBeCloseTo(0.1 * rho, 14);
  });

  it('leaves the perturbation as it is where no selector means the leaf', () => {
    expect(walk(rhoByPath(sam({ rho }), [[/^nothing|bias/, 1]]), problem)).toEqual(walk(sam({ rho }), problem));
  });

  it('tells what it is made of', () => {
    const factors = byRole(1, 2, 3);
    const { name, options, made, limit } = rhoByPath(sam({ rho }), factors);
    expect([name, options, made?.by, limit]).toEqual(['rho-by-path-sam', { factors }, 'rhoByPath', 'exact']);
  });

  it('refuses factors that make no sense, and a selector that means nothing', () => {
    const make = (factors: unknown) => () => rhoByPath(sam(), factors as never);
    for (const none of [[], {}, undefined, [1], [[/bias/, 1], 1]])
      expect(make(none)).toThrow('give a list of pairs, such as [[/^embedding/, 0.1]].');
    expect(make([['bias', 1]])).toThrow('rhoByPath: factors[0][0] is "bias"; give a pattern of paths');
    expect(
      make([
        [/bias/, 1],
        [['norm'], 1],
      ]),
    ).toThrow('rhoByPath: factors[1][0] is ["norm"]; give a pattern of paths');
    expect(make([[/bias/, -1]])).toThrow('rhoByPath: factors[0][1] is -1; give a finite number of at least 0.');
    expect(make([[/bias/]])).toThrow('rhoByPath: factors[0][1] is undefined; give');
    const lost = rhoByPath(sam(), [
      [/bias/, 1],
      [/^embedding/, 0.1],
    ]);
    expect(() => walk(lost, problem)).toThrow(
      'rhoByPath: factors[1] (/^embedding/) means none of the weights; name a path or role that they have.',
    );
    expect(() => walk(rhoByPath(sam(), [[['beta'], 0]]), problem)).toThrow('factors[0] (beta) means none');
    const one = regression({ layers: [[['kernel', 2]]], seed: 1, curved: true });
    expect(() => walk(rhoByPath(sam(), [[['beta', 'bias'], 0]]), one)).toThrow('factors[0] (beta, bias) means none');
    expect(() => walk(rhoByPath(sam(), [[[], 0]]), problem)).toThrow('factors[0] (no role) means none');
  });
});
