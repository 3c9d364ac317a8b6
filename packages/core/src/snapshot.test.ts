import { describe, expect, it } from 'vitest';
import { counting } from '../../conformance/src/counting.ts';
import { adam } from './adam.ts';
import type { BaseOptimizer } from './base.ts';
import { momentum } from './momentum.ts';
import { plain } from './plain.ts';
import { linear } from './schedule.ts';
import { Session } from './session.ts';
import { sgd } from './sgd.ts';
import { sharded } from './sharded.ts';
import { type Optimizer, sharpnessAware } from './sharpness-aware.ts';
import { type Floating, type Floats, f64, kinds, overwritten } from './testing/kinds.ts';
import { bowl, network, type Problem } from './testing/problems.ts';
import { copied } from './testing/train.ts';
import { climb, msam, parallel, restless, smoothed, wsam } from './testing/variants.ts';
import type { Variant } from './variant.ts';

const offers = ['shards', 'previousBatch'] as const;
const variants: Variant[] = [
  plain(),
  climb(0.1),
  msam(0.1),
  wsam(0.1),
  smoothed(0.1),
  restless(0.1),
  parallel(0.1),
  sharded(restless(0.1), 2),
];
const learningRate = linear({ from: 0.1, to: 0.01, steps: 6 });
const bases: BaseOptimizer[] = [sgd({ learningRate }), momentum({ learningRate }), adam({ learningRate })];

function go(optimizer: Optimizer<Floats>, { evaluate }: Problem, weights: Floating, steps = 3): Floating {
  let at = weights;
  for (let i = 0; i < steps; i++) ({ weights: at } = optimizer.step(at, evaluate));
  return at;
}

describe.each(kinds)('a snapshot over $name', (kind) => {
  const problem = network(kind);
  const make = (base: BaseOptimizer, variant: Variant) =>
    sharpnessAware(base, variant, kind.algebra, { offers, seed: 4 });

  it.each(variants)(
    'of $name lets the same steps follow, bit for bit, in another optimizer and in its own',
    (variant) => {
      for (const base of bases) {
        const [first, second] = [make(base, variant), make(base, variant)];
        const middle = go(first, problem, problem.start);
        const snapshot = first.state();
        const end = go(first, problem, middle);
        second.restore(snapshot);
        expect([second.steps, second.learningRate]).toEqual([3, 0.1 - (0.09 * 3) / 6]);
        expect(go(second, problem, middle)).toEqual(end);
        first.restore(snapshot);
        expect(go(first, problem, middle)).toEqual(end);
      }
    },
  );

  it('stays as it was, whatever its optimizer does, and is plain: records of leaves and numbers', () => {
    const optimizer = make(bases[2]!, smoothed(0.1));
    const middle = go(optimizer, problem, problem.start);
    const snapshot = optimizer.state();
    const copy = structuredClone(snapshot);
    optimizer.restore(snapshot);
    go(optimizer, problem, middle);
    optimizer.dispose();
    expect(snapshot).toEqual(copy);
    expect(copy).toMatchObject({
      variant: 'smoothed',
      seed: 4,
      step: 3,
      skipped: 0,
      base: { name: 'adam', updates: 3 },
    });
    expect([Object.keys(copy.state), Object.keys(copy.base.state)]).toEqual([['d'], ['m', 'v']]);
  });

  it('taken before the first step, or after disposing, holds no state; steps then begin afresh', () => {
    const optimizer = make(bases[2]!, smoothed(0.1));
    const before = optimizer.state();
    const none = { state: {}, resting: {} };
    const fresh = {
      variant: 'smoothed',
      seed: 4,
      step: 0,
      skipped: 0,
      base: { name: 'adam', updates: 0, ...none },
      ...none,
    };
    expect(before).toEqual(fresh);
    const expected = go(optimizer, problem, problem.start);
    optimizer.restore(before);
    expect(go(optimizer, problem, problem.start)).toEqual(expected);
    optimizer.dispose();
    expect(optimizer.state()).toEqual({ ...fresh, step: 3 });
  });

  it('brings the seed of the draws along', () => {
    const of = (seed: number) => sharpnessAware(bases[0]!, restless(0.1), kind.algebra, { seed });
    const [first, second] = [of(4), of(5)];
    second.restore(first.state());
    expect(go(second, problem, problem.start)).toEqual(go(first, problem, problem.start));
  });

  it('shows the seed, and what of the state rests, at the session', () => {
    const session = new Session<Floats>(smoothed(0.1), kind.algebra, { seed: 4 });
    const step = (weights: Floating) =>
      session
        .run(weights, 0.1, { evaluate: ({ weights }) => ({ loss: kind.array([1]), gradient: copied(weights) }) })
        .commit();
    expect([new Session(plain(), kind.algebra).seed, session.seed, session.resting]).toEqual([0, 4, {}]);
    step({ a: kind.array([1]), b: kind.array([2]) });
    step({ a: kind.array([1]) });
    expect(Object.keys(session.resting['d'] ?? {})).toEqual(['b']);
    const other = new Session<Floats>(smoothed(0.1), kind.algebra);
    other.restore(session.snapshot());
    expect([other.seed, other.resting]).toEqual([4, session.resting]);
  });

  it('counts skipped steps, so that draws go on where they stood', () => {
    const options = { nonFinite: 'skip' as const, seed: 4 };
    const of = () => sharpnessAware(sgd({ learningRate: 0.1 }), restless(0.1), kind.algebra, options);
    const [first, second] = [of(), of()];
    const spoilt: Problem['evaluate'] = (w) => ({ ...problem.evaluate(w), loss: Number.NaN });
    first.step(problem.start, spoilt);
    second.restore(first.state());
    expect(second.skipped).toBe(1);
    expect(go(second, problem, problem.start)).toEqual(go(first, problem, problem.start));
  });
});

describe('restoring', () => {
  const problem = bowl(f64);
  const taken = (base: BaseOptimizer, variant: Variant) => {
    const optimizer = sharpnessAware(base, variant, f64.algebra);
    go(optimizer, problem, problem.start);
    return optimizer.state();
  };

  const called = (name: string, variant: Variant): Variant => ({ ...variant, name });
  it.each<[string, [BaseOptimizer, Variant], [BaseOptimizer, Variant], string]>([
    [
      'another variant',
      [bases[0]!, smoothed(0.1)],
      [bases[0]!, climb(0.1)],
      'climb: the state is one of smoothed; restore one of climb.',
    ],
    [
      'another base',
      [bases[2]!, plain()],
      [bases[1]!, plain()],
      'momentum: the state is one of adam; restore one of momentum.',
    ],
    [
      'a version with another entry',
      [bases[0]!, smoothed(0.1)],
      [bases[0]!, called('smoothed', climb(0.1))],
      'smoothed: the state has an entry "d", and its entries are none; was it saved by another version?',
    ],
    [
      'a version with fewer entries',
      [bases[0]!, called('smoothed', msam(0.1))],
      [bases[0]!, { ...smoothed(0.1), state: { ...smoothed(0.1).state, v: msam(0).state['v']! } }],
      'smoothed: the state lacks "d", and its entries are d, v; was it saved by another version?',
    ],
    [
      'a base that lost its state',
      [{ ...bases[0]!, name: 'momentum' }, plain()],
      [bases[1]!, plain()],
      'momentum: the state lacks "v", and its entries are v; was it saved by another version?',
    ],
  ])('refuses the state of %s; all stays as it was', (_, from, to, sentence) => {
    const optimizer = sharpnessAware(...to, f64.algebra);
    const middle = go(optimizer, problem, problem.start);
    const before = optimizer.state();
    expect(() => optimizer.restore(taken(...from))).toThrow(new RangeError(sentence));
    const expected = sharpnessAware(...to, f64.algebra);
    expected.restore(before);
    expect(go(optimizer, problem, middle)).toEqual(go(expected, problem, middle));
  });

  it('and taking a snapshot are refused while a step runs, and leave nothing behind', async () => {
    const backend = counting(f64.algebra, overwritten);
    const { start, evaluate } = backend.hosting(problem);
    const optimizer = sharpnessAware(momentum({ learningRate: 0.1 }), smoothed(0.1), backend.algebra);
    const first = optimizer.step(start, evaluate);
    const snapshot = optimizer.state();
    const alive = backend.alive.size;
    const running = optimizer.stepAsync(first.weights, async (w) => {
      const before = backend.alive.size;
      expect(() => optimizer.state()).toThrow('smoothed: a step is still running; finish (await) it before taking');
      expect(() => optimizer.restore(snapshot)).toThrow('finish (await) it before restoring');
      expect(backend.alive.size).toBe(before);
      return evaluate(w);
    });
    const second = await running;
    backend.free([second.weights, second.loss]);
    expect(backend.alive.size).toBe(alive);
  });

  it('takes nothing from the snapshot, nor the snapshot from the optimizer: each frees its own', () => {
    const backend = counting(f64.algebra, overwritten);
    const { start, evaluate } = backend.hosting(problem);
    const optimizer = sharpnessAware(adam({ learningRate: 0.1 }), smoothed(0.1), backend.algebra);
    const first = optimizer.step(start, evaluate);
    const snapshot = optimizer.state();
    optimizer.dispose();
    optimizer.restore(snapshot);
    backend.free([...Object.values(snapshot.state), ...Object.values(snapshot.base.state)]);
    const second = optimizer.step(first.weights, evaluate);
    optimizer.dispose();
    backend.free([start, first.weights, first.loss, second.weights, second.loss]);
    expect(backend.alive.size).toBe(0);
  });

  it('of a session alone goes the same way', () => {
    const [first, second] = [0, 1].map(() => new Session<Floats>(smoothed(0.1), f64.algebra));
    const directions = (session: Session<Floats>): unknown[] =>
      [0, 1].map(() => {
        const proposal = session.run(problem.start, 0.1, {
          evaluate: ({ weights }) => problem.evaluate(weights as Floating) as never,
        });
        proposal.commit();
        return proposal.direction;
      });
    directions(first!);
    const snapshot = first!.snapshot();
    const expected = directions(first!);
    second!.restore(snapshot);
    expect(directions(second!)).toEqual(expected);
    expect(second!.step).toBe(4);
  });
});
