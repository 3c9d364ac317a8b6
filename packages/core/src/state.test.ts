import type { ParamTree } from '@flatmin/tree';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { counting } from '../../conformance/src/counting.ts';
import { evaluate } from './protocol.ts';
import { Session } from './session.ts';
import { sgd } from './sgd.ts';
import { sharded } from './sharded.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { type Floats, f64, flat, overwritten } from './testing/kinds.ts';
import { bowl, network, networkLoss } from './testing/problems.ts';
import { define, type State, scalarOf, treeOf, type Variant } from './variant.ts';

const unset = { d: treeOf(), n: scalarOf() };

// Writes down which of its state is there, and returns the gradient and its norm from a step on.
function late(from: number, seen: string[] = []): Variant {
  return define({
    name: 'late',
    state: unset,
    *step({ math: { norm }, weights: w, state, step }) {
      seen.push(
        Object.entries(state)
          .map(([name, value]) => `${name} ${value === undefined ? 'unset' : 'set'}`)
          .join(),
      );
      const { gradient: g } = yield* evaluate(w);
      return step < from ? { direction: g } : { direction: g, state: { d: g, n: norm(g) } };
    },
  });
}

const make = (variant: Variant) =>
  sharpnessAware<Floats>(sgd({ learningRate: 0.1 }), variant, f64.algebra, { offers: ['shards'] });

describe('state that begins unset', () => {
  it('is undefined in its type, until a step returns it', () => {
    expectTypeOf<State<Float64Array, typeof unset>>().toEqualTypeOf<{
      readonly d: ParamTree<Float64Array> | undefined;
      readonly n: Float64Array | undefined;
    }>();
  });

  it('is not there before a step returns it, and then is what that returned', () => {
    const { start, evaluate: at } = bowl(f64);
    const seen: string[] = [];
    const optimizer = make(late(2, seen));
    let weights = start;
    for (let step = 0; step < 4; step++) {
      const g = flat(at(weights).gradient);
      ({ weights } = optimizer.step(weights, at));
      const { state } = optimizer.state();
      expect(Object.keys(state)).toEqual(step < 2 ? [] : ['d', 'n']);
      if (step >= 2) expect(flat(state['d']!)).toEqual(g);
    }
    expect(seen).toEqual(['', '', '', 'd set,n set']);
  });

  it('stays as it was through a step that fails', () => {
    const { start, evaluate: at } = bowl(f64);
    const optimizer = make(late(0));
    const fail = (): never => {
      throw new Error('lost');
    };
    expect(() => optimizer.step(start, fail)).toThrow('lost');
    expect(optimizer.state().state).toEqual({});
    optimizer.step(start, at);
    const { state } = optimizer.state();
    expect(() => optimizer.step(start, fail)).toThrow('lost');
    expect(optimizer.state().state).toEqual(state);
  });

  it('is the mean over parts of the batch, and over those alone that return it', () => {
    const { start, evaluate: at } = network(f64);
    const part = (index: number): number[] => networkLoss(flat(start), { index, count: 2 }).gradient;
    const both = make(sharded(late(0), 2));
    both.step(start, at);
    const mean = part(0).map((x, i) => (x + part(1)[i]!) / 2);
    expect(flat(both.state().state['d']!)).toEqual(mean);

    let asked = 0;
    const second = define({
      name: 'second',
      state: unset,
      *step({ weights: w }) {
        const { gradient: g } = yield* evaluate(w);
        return asked++ === 0 ? { direction: g } : { direction: g, state: { d: g } };
      },
    });
    const one = make(sharded(second, 2));
    one.step(start, at);
    expect(flat(one.state().state['d']!)).toEqual(part(1));
  });

  it('that is returned as undefined is unset, alone or on parts of the batch, and leaves nothing behind', () => {
    const blinking = define({
      name: 'blinking',
      state: unset,
      *step({ weights: w, step }) {
        const { gradient: g } = yield* evaluate(w);
        return { direction: g, state: step % 2 === 0 ? { d: undefined, n: undefined } : { d: g } };
      },
    });
    for (const variant of [blinking, sharded(blinking, 2)]) {
      const backend = counting(f64.algebra, overwritten);
      const { start, evaluate: at } = backend.hosting(network(f64));
      const session = new Session(variant, backend.algebra);
      const alive = backend.alive.size;
      for (let step = 0; step < 6; step++) {
        const { direction, loss, diagnostics, ...proposal } = session.run(start, 0.1, {
          evaluate: ({ weights, shard }) => at(weights, shard && { shard }) as never,
        });
        proposal.commit();
        backend.free([direction!, loss, diagnostics]);
        expect(Object.keys(session.state)).toEqual(step % 2 === 0 ? [] : ['d']);
      }
      session.dispose();
      expect(backend.alive.size).toBe(alive);
    }
  });
});

describe('state that begins filled', () => {
  it('is what it is filled with at the first step, in the shape of the weights or one number', () => {
    const { start, evaluate: at } = bowl(f64);
    let seen: unknown;
    const variant = define({
      name: 'filled',
      state: { s: treeOf(2), c: scalarOf(3) },
      *step({ weights: w, state }) {
        seen ??= structuredClone(state);
        return { direction: (yield* evaluate(w)).gradient };
      },
    });
    make(variant).step(start, at);
    expect(seen).toEqual({ s: { kernel: f64.array([2, 2, 2]), bias: f64.array([2]) }, c: f64.array([3]) });
  });
});
