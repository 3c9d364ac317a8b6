import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sam } from '../../sam/src/sam.ts';
import { bsam, friendlySam, gam, looksam, msam, vasso, wsam } from '../../zoo/src/index.ts';
import { accumulate } from './accumulate.ts';
import { adam } from './adam.ts';
import { withDiagnostics } from './diagnostics.ts';
import { every } from './every.ts';
import { gradientRange } from './gradient-count.ts';
import { plain } from './plain.ts';
import { evaluate, type Shard } from './protocol.ts';
import { linear } from './schedule.ts';
import { Session } from './session.ts';
import { sgd } from './sgd.ts';
import { sharded } from './sharded.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { distance, type Floating, type Floats, f64, flat, kinds } from './testing/kinds.ts';
import { network } from './testing/problems.ts';
import { problems, runs } from './testing/regression.ts';
import { train } from './testing/train.ts';
import { climb } from './testing/variants.ts';
import { expectNear, walk } from './testing/walk.ts';
import { define, treeOf, type Variant } from './variant.ts';

const rho = 0.3;
const eta = 0.05;

/** The weights after each of some updates, of k parts of the golden network's batch. */
function updates(kind: (typeof kinds)[number], k: number, variant: Variant, count: number): Floating[] {
  const { start, evaluate: at } = network(kind);
  const accumulating = sharpnessAware(adam({ learningRate: eta }), accumulate(k, variant), kind.algebra);
  let weights = start;
  return Array.from({ length: count }, () => {
    for (let index = 0; index < k; index++) {
      ({ weights } = accumulating.step(weights, (w) => at(w, { shard: { index, count: k } satisfies Shard })));
    }
    return weights;
  });
}

describe.each(kinds)('accumulate over $name', (kind) => {
  const problem = network(kind);
  const base = adam({ learningRate: eta });

  it.each([plain(), sam({ rho }), wsam({ rho, gamma: 0.8 }), gam({ rho })])(
    'takes, with $name, the steps of sharded on the batches as one',
    (variant) => {
      const whole = sharpnessAware(base, sharded(variant, 4), kind.algebra, { offers: ['shards'] });
      const got = updates(kind, 4, variant, 5).at(-1)!;
      expect(distance(flat(got), flat(train(whole, problem, 5)))).toBeLessThan(10 * kind.rounding);
      // The ε of the whole batch is another.
      const one = sharpnessAware(base, variant, kind.algebra);
      if (variant.name !== 'plain') {
        expect(distance(flat(got), flat(train(one, problem, 5)))).toBeGreaterThan(1e-4);
      }
    },
  );

  it.each([sam({ rho }), vasso({ rho }), looksam({ rho, k: 2 }), bsam({ samples: 100 }), msam({ rho })])(
    'over one step is $name itself, bit for bit',
    (variant) => {
      const bare = sharpnessAware(base, variant, kind.algebra);
      const one = sharpnessAware(base, accumulate(1, variant), kind.algebra);
      expect(train(one, problem, 6)).toEqual(train(bare, problem, 6));
      expect(one.step(problem.start, problem.evaluate)).toEqual(bare.step(problem.start, problem.evaluate));
    },
  );
});

describe('accumulate', () => {
  it('hands the base the mean of k directions, and adds the mean of k shifts, at every k-th step alone', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 2, max: 4 }), (problem, k) => {
        const numbered = define({
          name: 'numbered',
          state: { seen: treeOf(0) },
          *step({ math: { add, scale }, weights: w, state }) {
            const { gradient: g } = yield* evaluate(w);
            return { direction: g, shift: scale(g, 2), state: { seen: add(state.seen, g) } };
          },
        });
        const walked = walk(accumulate(k, numbered), problem, { steps: 2 * k });
        let sum = walked[0]!.w.map(() => 0);
        for (const [i, { w, asked, direction, shift, state }] of walked.entries()) {
          if (i % k === 0) sum = sum.map(() => 0);
          else expect(w).toEqual(walked[i - 1]!.w);
          sum = sum.map((x, j) => x + asked[0]!.gradient[j]!);
          if (i % k < k - 1) {
            expect([direction, shift]).toEqual([undefined, undefined]);
            expectNear(state['directionSum'], sum);
          } else {
            expectNear(
              direction,
              sum.map((x) => x / k),
            );
            expectNear(
              shift,
              sum.map((x) => (2 * x) / k),
            );
            expect(Object.keys(state)).toEqual(['seen']);
          }
        }
        // The state is the inner's own, from each batch to the next.
        expectNear(
          walked.at(-1)!.state['seen'],
          walked[0]!.w.map((_, j) => walked.reduce((total, { asked }) => total + asked[0]!.gradient[j]!, 0)),
        );
      }),
      runs,
    );
  });

  it('lets the base rest: k updates of accumulate(k) are the base’s updates, not its steps', () => {
    const { start, evaluate: at } = network(f64);
    const optimizer = sharpnessAware(adam({ learningRate: eta }), accumulate(3, climb(rho)), f64.algebra);
    let weights = start;
    for (let i = 0; i < 7; i++) ({ weights } = optimizer.step(weights, at));
    expect([optimizer.steps, optimizer.state().base.updates]).toEqual([7, 2]);
  });

  it('counts a step without a direction as zero, and rests where all are', () => {
    const sometimes = define({
      name: 'sometimes',
      *step({ math: { full }, weights: w }) {
        const { loss } = yield* evaluate(w);
        return (loss as Floats)[0] === 1 ? { direction: full(w, 6) } : {};
      },
    });
    const session = new Session<Floats>(accumulate(3, sometimes), f64.algebra);
    const directions = [0, 1, 0, 1, 1, 0, 0, 0, 0].map((loss) => {
      const w = f64.array([1, 2]);
      const proposal = session.run(w, eta, {
        evaluate: () => ({ loss: f64.array([loss]), gradient: f64.array([0, 0]) }),
      });
      proposal.commit();
      return proposal.direction && flat(proposal.direction);
    });
    const [rest, third, twoThirds] = [undefined, [2, 2], [4, 4]];
    expect(directions).toEqual([rest, rest, third, rest, rest, twoThirds, rest, rest, rest]);
  });

  it('gives its variant a clock of updates', () => {
    const clock: number[] = [];
    const ticking = define({
      name: 'ticking',
      gradients: (step) => step + 1,
      *step({ weights: w, step }) {
        clock.push(step);
        return { direction: (yield* evaluate(w)).gradient };
      },
    });
    const { start, evaluate: at } = network(f64);
    const optimizer = sharpnessAware(sgd({ learningRate: 0 }), accumulate(3, every(2, ticking)), f64.algebra);
    for (let i = 0; i < 12; i++) optimizer.step(start, at);
    expect(clock).toEqual([0, 0, 0, 2, 2, 2]);
    const { gradients } = accumulate(3, ticking);
    expect([0, 2, 3, 5, 6].map((step) => gradientRange(gradients!, step)[0])).toEqual([1, 1, 2, 2, 3]);
    // A schedule, too: ρ is 0 at the first update, and 1 from the second on.
    const rhos = walk(accumulate(2, sam({ rho: linear({ from: 0, to: 1, steps: 1 }) })), fc.sample(problems, 1)[0]!);
    const lengths = rhos.map(({ w, asked }) => Math.hypot(...asked[1]!.weights.map((x, i) => x - w[i]!)));
    expectNear(lengths, [0, 0, 1, 1]);
  });

  it('takes a step that fails or is skipped for none of the k', () => {
    const { start, evaluate: at } = network(f64);
    for (const nonFinite of ['error', 'skip'] as const) {
      const run = (failures: readonly number[]): Floating => {
        const optimizer = sharpnessAware(
          adam({ learningRate: eta }),
          accumulate(3, friendlySam({ rho })),
          f64.algebra,
          {
            nonFinite,
          },
        );
        let weights = start;
        for (let index = 0; index < 6; index++) {
          if (failures.includes(index)) {
            const broken = () => optimizer.step(weights, (w) => ({ ...at(w), loss: Number.NaN }));
            if (nonFinite === 'skip') expect(broken().skipped).toBeDefined();
            else expect(broken).toThrow('is not finite');
          }
          const shard = { index: index % 3, count: 3 };
          ({ weights } = optimizer.step(weights, (w) => at(w, { shard })));
        }
        return weights;
      };
      expect(run([0, 1, 2, 4])).toEqual(run([]));
    }
  });

  it('goes on in the middle of an update from a snapshot', () => {
    const { start, evaluate: at } = network(f64);
    const make = () => sharpnessAware(adam({ learningRate: eta }), accumulate(4, vasso({ rho })), f64.algebra);
    const [one, other] = [make(), make()];
    for (let i = 0; i < 2; i++) one.step(start, at);
    other.restore(one.state());
    for (let i = 0; i < 4; i++) expect(other.step(start, at)).toEqual(one.step(start, at));
  });

  it('declares what its variant does', () => {
    const { name, options, needs, limit, gradients } = accumulate(2, {
      ...climb(rho),
      needs: ['perSample'],
      limit: 'exact',
      gradients: 2,
    });
    expect([name, options, needs, limit, gradients]).toEqual([
      'accumulate-2-climb',
      { k: 2 },
      ['perSample'],
      'rounding',
      2,
    ]);
    expect(accumulate(1, { ...climb(rho), limit: 'exact' }).limit).toBe('exact');
    expect(accumulate(2, { ...climb(rho), limit: 'none' }).limit).toBe('none');
    expect('gradients' in accumulate(2, climb(rho))).toBe(false);
  });

  it('refuses a k that is none, a second accumulation within, and steps left out by what is around', () => {
    expect(() => accumulate(0, sam())).toThrow('accumulate: k is 0; give an integer of at least 1.');
    expect(() => accumulate(2, withDiagnostics(accumulate(4, sam())))).toThrow(
      'accumulate: accumulate-4-sam accumulates already; accumulate once, over the product of both counts.',
    );
    expect(() => every(2, accumulate(4, sam()))).toThrow(
      'every: accumulate-4-sam accumulates, and would miss steps of its updates; accumulate outside, as in accumulate(4, every(2, sam())).',
    );
    for (const [k, count] of [
      [2, 1],
      [1, 2],
    ] as const) {
      expect(every(k, accumulate(count, sam())).name).toBe(`every-${k}-accumulate-${count}-sam`); // misses none
    }
    const { start, evaluate: at } = network(f64);
    const within = accumulate(2, sam());
    const leavingOut: Variant = {
      ...within,
      step: (given) => (given.step % 2 === 0 ? within.step(given) : plain().step(given)),
    };
    const optimizer = sharpnessAware(sgd({ learningRate: eta }), leavingOut, f64.algebra);
    for (let i = 0; i < 2; i++) optimizer.step(start, at);
    expect(() => optimizer.step(start, at)).toThrow('accumulate around what leaves steps out');
  });
});
