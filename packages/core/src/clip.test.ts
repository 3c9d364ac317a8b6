import { leaves, map } from '@flatmin/tree';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sam } from '../../sam/src/sam.ts';
import { bsam, wsam } from '../../zoo/src/index.ts';
import { accumulate } from './accumulate.ts';
import { type Bound, clip } from './clip.ts';
import { NonFiniteError } from './non-finite.ts';
import { plain } from './plain.ts';
import { evaluate } from './protocol.ts';
import { Session } from './session.ts';
import { sgd } from './sgd.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { type Floating, type Floats, f64, flat, type Kind, kinds } from './testing/kinds.ts';
import { normOf } from './testing/numbers.ts';
import { network } from './testing/problems.ts';
import { between, problems, runs } from './testing/regression.ts';
import { train } from './testing/train.ts';
import { restless } from './testing/variants.ts';
import { expectNear, walk } from './testing/walk.ts';
import { define, type Variant } from './variant.ts';

const limits: readonly ((c: number) => Bound)[] = [
  (value) => ({ value }),
  (norm) => ({ norm }),
  (globalNorm) => ({ globalNorm }),
];
const bounds: fc.Arbitrary<Bound> = fc.tuple(fc.constantFrom(...limits), between(0.01, 2)).map(([make, c]) => make(c));

/** `clip_grad_value_`: clamp(g, −c, c). `clip_grad_norm_`: g · min(1, c/(‖g‖ + 1e-6)), here without the 1e-6. */
function torch(bound: Bound, tree: Floating): number[] {
  const byNorm = (g: readonly number[], c: number, norm: number): number[] => g.map((x) => x * Math.min(1, c / norm));
  const each = leaves<Floats>(tree).map((leaf) => [...leaf]);
  if ('value' in bound) return each.flat().map((x) => Math.min(Math.max(x, -bound.value), bound.value));
  if ('norm' in bound) return each.flatMap((g) => byNorm(g, bound.norm, normOf(g)));
  return byNorm(each.flat(), bound.globalNorm, normOf(each.flat()));
}

/** Steps along a multiple of the gradient. */
const multiplied = (factor: number): Variant =>
  define({
    name: 'multiplied',
    *step({ math: { scale }, weights: w }) {
      const { gradient: g } = yield* evaluate(w);
      return { direction: scale(g, factor) };
    },
  });

/** What clipping makes of one gradient. */
function clippedBy(bound: Bound, gradient: Floating, { algebra, array }: Kind = f64): Floating {
  const session = new Session<Floats>(clip(plain(), { direction: bound }), algebra);
  const weights = map<Floats, Floats>((g) => array(g.map(() => 0)), gradient);
  return session.run(weights, 1, { evaluate: () => ({ loss: array([0]), gradient }) }).direction!;
}

describe('clip', () => {
  it('gives what torch.nn.utils gives, of gradients and of the direction alike', () => {
    fc.assert(
      fc.property(problems, bounds, fc.boolean(), (problem, bound, ofGradients) => {
        const [{ asked, direction }] = walk(
          clip(plain(), ofGradients ? { gradients: bound } : { direction: bound }),
          problem,
          { steps: 1, factor: 3 },
        ) as [ReturnType<typeof walk>[0]];
        const like = problem.start;
        let position = 0;
        const gradient = map<Floats, Floats>((leaf) => {
          position += leaf.length;
          return f64.array(asked[0]!.gradient.slice(position - leaf.length, position));
        }, like);
        expectNear(direction, torch(bound, gradient), 1e-14);
      }),
      runs,
    );
  });

  it('of the gradients comes before the climb and before the descent: SAM of the clipped gradient', () => {
    fc.assert(
      fc.property(problems, between(0.01, 0.5), (problem, value) => {
        const bound = (g: readonly number[]): number[] => g.map((x) => Math.min(Math.max(x, -value), value));
        for (const { w, asked, direction } of walk(clip(sam({ rho: 0.5 }), { gradients: { value } }), problem)) {
          const g = bound(asked[0]!.gradient);
          const length = normOf(g);
          expectNear(
            asked[1]!.weights,
            w.map((x, i) => x + (length === 0 ? 0 : (0.5 * g[i]!) / length)),
          );
          expectNear(direction, bound(asked[1]!.gradient), 0);
        }
      }),
      runs,
    );
  });

  it('of the direction leaves the climb alone, and a shift', () => {
    const [problem] = fc.sample(problems, { numRuns: 1, seed: 3 });
    const direction = { globalNorm: 1e-3 };
    const [bare] = walk(wsam({ rho: 0.5 }), problem!, { steps: 1 });
    const [got] = walk(clip(wsam({ rho: 0.5 }), { direction }), problem!, { steps: 1 });
    expect([got!.asked, got!.shift]).toEqual([bare!.asked, bare!.shift]);
    expect(normOf(got!.direction!)).toBeCloseTo(1e-3, 15);
    const options = { samples: 10 };
    expect(walk(clip(bsam(options), { direction }), problem!)).toEqual(walk(bsam(options), problem!));
  });

  it('outside an accumulation clips the mean, inside each batch’s own', () => {
    const [problem] = fc.sample(problems, { numRuns: 1, seed: 3 });
    const direction = { globalNorm: 1e-3 };
    const [outside, inside] = [
      clip(accumulate(2, plain()), { direction }),
      accumulate(2, clip(plain(), { direction })),
    ].map((variant) => walk(variant, problem!, { steps: 2 }).map((step) => step.direction)) as [number[][], number[][]];
    expect([outside[0], inside[0]]).toEqual([undefined, undefined]);
    expect(normOf(outside[1]!)).toBeCloseTo(1e-3, 15);
    expect(normOf(inside[1]!)).toBeLessThan(0.99e-3);
  });
});

describe.each(kinds)('clipping over $name', (kind) => {
  const element = fc.oneof(
    fc.constantFrom(0, -0, 1, -1, 2 ** -100, 1e30, -3e-30),
    fc.float({ noNaN: true, min: -100, max: 100 }),
  );
  const gradients = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }).map(kind.array), {
    minLength: 1,
    maxLength: 3,
  });

  it('keeps bit for bit what is within its bound', () => {
    fc.assert(
      fc.property(gradients, fc.constantFrom(...limits), (gradient, limit) => {
        expect(clippedBy(limit(1e32), gradient, kind)).toEqual(gradient);
        const atBound = { value: Math.max(...flat(gradient).map(Math.abs)) };
        if (atBound.value > 0) expect(clippedBy(atBound, gradient, kind)).toEqual(gradient);
      }),
    );
  });

  it('leaves alone what else its variant asks for, such as a scalar’s value', () => {
    const { start, evaluate: at } = network(kind);
    const optimizers = [restless(0.5), clip(restless(0.5), { gradients: { globalNorm: 1e32 } })].map((variant) =>
      sharpnessAware(sgd({ learningRate: 0.1 }), variant, kind.algebra),
    );
    const [bare, clipped] = optimizers.map((optimizer) => train(optimizer, { start, evaluate: at }, 5));
    expect(clipped).toEqual(bare);
  });

  it('leaves nothing beyond its bound, up to rounding', () => {
    fc.assert(
      fc.property(gradients, (gradient) => {
        const at = limits.map((limit) => clippedBy(limit(0.5), gradient, kind));
        const [byValue, byNorm, byGlobalNorm] = at.map((tree) => leaves<Floats>(tree));
        const sizes = [
          ...byValue!.map((leaf) => normOf([...leaf], Number.POSITIVE_INFINITY)),
          ...byNorm!.map((leaf) => normOf([...leaf])),
          normOf(flat(byGlobalNorm!)),
        ];
        expect(Math.max(...sizes)).toBeLessThanOrEqual(0.5 * (1 + 4 * kind.rounding));
      }),
    );
  });

  it.each(limits.map((limit) => limit(1)))(
    'by $value$norm$globalNorm leaves zero as it is, and hides nothing that is not finite',
    (bound) => {
      const zero = { a: kind.array([0, 0]), b: kind.array([0]) };
      expect(clippedBy(bound, zero, kind)).toEqual(zero);
      for (const x of [Number.NaN, Infinity, -Infinity]) {
        const weights = { a: kind.array([1, 2]), b: kind.array([3]) };
        for (const options of [{ gradients: bound }, { direction: bound }]) {
          const optimizer = sharpnessAware(sgd({ learningRate: 1 }), clip(sam(), options), kind.algebra);
          const gradient = { a: kind.array([1, x]), b: kind.array([5]) };
          expect(() => optimizer.step(weights, () => ({ loss: 1, gradient }))).toThrow(NonFiniteError);
          // Made by the variant itself, of finite gradients.
          const making = clip(multiplied(x), { direction: bound });
          const session = new Session<Floats>(making, kind.algebra);
          const host = { evaluate: () => ({ loss: kind.array([1]), gradient: weights }) };
          expect(() => session.run(weights, 1, host)).toThrow('the direction is not finite');
        }
      }
    },
  );
});

describe('the options of clip', () => {
  it('are checked', () => {
    const make = (options: unknown) => () => clip(sam(), options as never);
    expect(make({})).toThrow('clip: there is nothing to clip; give gradients or direction, as { globalNorm: 1 }.');
    expect(make({ gradient: { norm: 1 } })).toThrow('clip: there is no option gradient');
    for (const odd of [1, 'norm', null, true, [2]]) {
      expect(make({ gradients: odd })).toThrow(
        `clip: gradients is ${JSON.stringify(odd)}; give { value: c }, { norm: c } or { globalNorm: c }.`,
      );
    }
    expect(make({ gradients: undefined, direction: undefined })).toThrow('there is nothing to clip');
    const one = make({ gradients: undefined, direction: { norm: 1 } })();
    expect([one.name, one.limit]).toEqual(['clip-sam', 'none']);
    expect(make({ direction: { norm: 1, value: 2 } })).toThrow('clip: direction is {"norm":1,"value":2}; give');
    expect(make({ direction: { l1: 1 } })).toThrow('clip: direction is {"l1":1}; give');
    expect(make({ direction: { norm: 0 } })).toThrow('clip: direction.norm is 0; give a finite number above 0.');
  });
});
