import { map } from '@flatmin/tree';
import { describe, expect, it } from 'vitest';
import { counting } from '../../conformance/src/counting.ts';
import { momentum } from './momentum.ts';
import { evaluate } from './protocol.ts';
import { Session } from './session.ts';
import { sgd } from './sgd.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { type Floating, type Floats, f64, overwritten } from './testing/kinds.ts';
import { define, scalarOf, treeOf, type Variant } from './variant.ts';

const of = (...numbers: number[]): Floats => f64.array(numbers);

/** Keeps the sum of all gradients seen, and their number. */
const summing = (fill?: number): Variant =>
  define({
    name: 'summing',
    state: { sum: fill === undefined ? treeOf() : treeOf(fill), n: scalarOf(0) },
    *step({ math: { add, leaf }, weights: w, state }) {
      const { gradient: g } = yield* evaluate(w);
      const sum = state.sum === undefined ? g : add(state.sum, g);
      return { direction: sum, state: { sum, n: leaf.add(state.n, 1) } };
    },
  });

const ones = <S extends Floating>(weights: S) => ({
  loss: 0,
  gradient: map((leaf: Floats) => f64.algebra.full(leaf, 1), weights),
});

const [a, b, c] = [of(0), of(0, 0), of(0)];

describe('where the set of weights changes', () => {
  const sums = (variant: Variant, ...trees: Record<string, Floats>[]) => {
    const backend = counting(f64.algebra, overwritten);
    const optimizer = sharpnessAware(sgd({ learningRate: 1 }), variant, backend.algebra);
    for (const tree of trees) {
      const { weights, loss } = optimizer.step(backend.adopt(tree), (w) => ({
        loss: 0,
        gradient: backend.adopt(ones(w).gradient),
      }));
      backend.free([tree, weights, loss]);
    }
    const { state, resting, base } = optimizer.state();
    const held = structuredClone({ state, resting });
    backend.free([state, resting, base.state, base.resting]);
    optimizer.dispose();
    expect(backend.alive.size).toBe(0);
    return held;
  };
  const fresh = (names: Record<string, Floats>) =>
    Object.fromEntries(Object.entries(names).map(([name, leaf]) => [name, of(...leaf)]));

  it('the leaves that stay keep their state, those that are new begin, those that are gone rest', () => {
    const { state, resting } = sums(summing(10), fresh({ a, b }), fresh({ a, c }));
    expect(state).toEqual({ sum: { a: of(12), c: of(11) }, n: of(2) });
    expect(resting).toEqual({ sum: { b: of(11, 11) } });
  });

  it('a leaf that comes back goes on from where it rested', () => {
    const { state, resting } = sums(summing(10), fresh({ a, b }), fresh({ a }), fresh({ b }), fresh({ a, b }));
    expect(state).toEqual({ sum: { a: of(13), b: of(13, 13) }, n: of(4) });
    expect(resting).toEqual({ sum: {} });
  });

  it('a leaf of another shape is a new one', () => {
    expect(sums(summing(10), fresh({ a, b }), fresh({ a, b: of(0, 0, 0) })).state['sum']).toEqual({
      a: of(12),
      b: of(11, 11, 11),
    });
  });

  it('an entry without a beginning is undefined again, but only where a leaf would lack it', () => {
    expect(sums(summing(), fresh({ a, b }), fresh({ b }))).toMatchObject({
      state: { sum: { b: of(2, 2) } },
      resting: { sum: { a: of(1) } },
    });
    expect(sums(summing(), fresh({ a, b }), fresh({ b, c }))).toMatchObject({
      state: { sum: { b: of(1, 1), c: of(1) } },
      resting: {},
    });
  });

  it('a step that fails has changed nothing', () => {
    const optimizer = sharpnessAware(sgd({ learningRate: 1 }), summing(10), f64.algebra);
    optimizer.step({ a, b }, ones);
    const before = structuredClone(optimizer.state());
    expect(() =>
      optimizer.step({ a, c }, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(optimizer.state()).toEqual(before);
    optimizer.step({ a, b }, ones);
    expect(optimizer.state().state['sum']).toEqual({ a: of(12), b: of(12, 12) });
  });

  it('the base optimizer goes by path too', () => {
    const optimizer = sharpnessAware(momentum({ learningRate: 1, momentum: 0.5 }), summing(0), f64.algebra);
    optimizer.step({ a, b }, ones);
    optimizer.step({ a }, ones);
    expect(optimizer.state().base).toMatchObject({ state: { v: { a: of(2.5) } }, resting: { v: { b: of(1, 1) } } });
  });

  it('what rests survives state and restore', () => {
    const make = () => sharpnessAware(sgd({ learningRate: 1 }), summing(10), f64.algebra);
    const [first, second] = [make(), make()];
    for (const tree of [{ a, b }, { a }]) first.step<Floating>(tree, ones);
    second.restore(first.state());
    for (const optimizer of [first, second]) optimizer.step({ a, b }, ones);
    expect(second.state()).toEqual(first.state());
    expect(second.state().state['sum']).toEqual({ a: of(13), b: of(12, 12) });
  });

  describe('where some take no part in a step', () => {
    const steps = (variant: Variant) => {
      const backend = counting(f64.algebra, overwritten);
      const session = new Session<Floats>(variant, backend.algebra);
      return {
        step(tree: Record<string, Floats>, ...idle: string[]): unknown {
          const weights = backend.adopt(fresh(tree));
          const evaluated = () => ({
            loss: backend.algebra.scalar(0),
            gradient: backend.adopt(ones(weights).gradient),
          });
          const { loss, direction, diagnostics, commit } = session.run(weights, 1, { evaluate: evaluated });
          commit((path) => path in tree && !idle.includes(path));
          const state = structuredClone(session.state);
          backend.free([weights, loss, direction!, diagnostics]);
          return state;
        },
        end(): void {
          session.dispose();
          expect(backend.alive.size).toBe(0);
        },
      };
    };

    it('these keep their state, and begin when they first do; what is no tree goes on', () => {
      const { step, end } = steps(summing(10));
      expect(step({ a, b }, 'b')).toEqual({ sum: { a: of(11), b: of(10, 10) }, n: of(1) });
      expect(step({ b, a })).toEqual({ sum: { a: of(12), b: of(11, 11) }, n: of(2) });
      expect(step({ a, b }, 'a')).toEqual({ sum: { a: of(12), b: of(12, 12) }, n: of(3) });
      expect(step({ a, b: of(0) }, 'b')).toEqual({ sum: { a: of(13), b: of(10) }, n: of(4) });
      end();
    });

    it('what has no beginning is what the variant returned, and is kept from then on', () => {
      const { step, end } = steps(summing());
      expect(step({ a, b }, 'b')).toEqual({ sum: { a: of(1), b: of(1, 1) }, n: of(1) });
      expect(step({ a, b }, 'b')).toEqual({ sum: { a: of(2), b: of(1, 1) }, n: of(2) });
      end();
    });
  });

  it('two leaves of one path are refused', () => {
    const optimizer = sharpnessAware(sgd({ learningRate: 1 }), summing(0), f64.algebra);
    optimizer.step({ 'a/b': a, a: { b } }, ones);
    expect(() => optimizer.step({ 'a/b': a, a: { b: c } }, ones)).toThrow(
      'Two leaves have the path "a/b", so that their states cannot be told apart; rename one.',
    );
  });
});
