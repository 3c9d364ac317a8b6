import { type Algebra, treeMath } from '@flatmin/tree';
import { describe, expect, it } from 'vitest';
import { counting } from '../../conformance/src/counting.ts';
import { adam } from './adam.ts';
import { Arena } from './arena.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { type Floats, f64, overwritten } from './testing/kinds.ts';
import { network } from './testing/problems.ts';
import { train, trainAsync } from './testing/train.ts';
import { restless } from './testing/variants.ts';

// A backend whose operations live on a prototype and need `this`, as those of a class may.
function classBackend(): Algebra<Floats> {
  const methods = Object.entries({ ...f64.algebra, readAsync: async (x: Floats) => f64.algebra.read(x) });
  const needThis = methods.map(([name, method]) => {
    function operation(this: unknown, ...operands: never[]): unknown {
      if (this !== backend) throw new TypeError(`${name} was called without its object`);
      return (method as (...operands: never[]) => unknown)(...operands);
    }
    return [name, { value: operation }];
  });
  const backend: Algebra<Floats> = Object.create(Object.create(null, Object.fromEntries(needThis)));
  return backend;
}

describe('an arena', () => {
  it('serves a backend that is an object of a class, synchronous or not', async () => {
    const make = (algebra: Algebra<Floats>) => sharpnessAware(adam({ learningRate: 0.05 }), restless(0.1), algebra);
    const problem = network(f64);
    const expected = train(make(f64.algebra), problem, 5);
    expect(train(make(classBackend()), problem, 5)).toEqual(expected);
    expect(await trainAsync(make(classBackend()), problem, 5)).toEqual(expected);
  });

  it('serves a backend that adds leaf by leaf, and one that adds all at once', () => {
    const { addScaled, ...leafByLeaf } = f64.algebra;
    const tree = { a: Float64Array.of(1), b: Float64Array.of(2, 3) };
    for (const backend of [leafByLeaf, { ...leafByLeaf, addScaled: addScaled! }]) {
      const { algebra } = new Arena<Floats>(backend, []);
      expect('addScaled' in algebra).toBe('addScaled' in backend);
      expect(treeMath(algebra).addScaled(tree, 2, tree)).toEqual({ a: Float64Array.of(3), b: Float64Array.of(6, 9) });
    }
  });

  it('hands its procedures reads, too', async () => {
    const { algebra } = new Arena<Floats>(classBackend(), []);
    expect(algebra.read(algebra.scalar(3))).toBe(3);
    expect(await algebra.readAsync?.(algebra.scalar(4))).toBe(4);
    expect('readAsync' in new Arena(f64.algebra, []).algebra).toBe(false);
  });

  it('hands them shapes, and frees at the end each of the masks of the greatest', () => {
    const backend = counting(f64.algebra, overwritten);
    const arena = new Arena(backend.algebra, []);
    const made = [f64.array([1, 5]), f64.array([4])].map((leaf) => arena.own(backend.adopt(leaf)));
    expect(made.map(arena.algebra.shape)).toEqual([[2], [1]]);
    expect(arena.algebra.top(made, 2)).toEqual([f64.array([0, 1]), f64.array([1])]);
    expect(backend.alive.size).toBe(4);
    arena.end();
    expect(backend.alive.size).toBe(0);
  });

  it('frees at once what a procedure disposes of', () => {
    const backend = counting(f64.algebra, overwritten);
    const { algebra } = new Arena(backend.algebra, []);
    algebra.dispose(algebra.scalar(1));
    expect(backend.alive.size).toBe(0);
  });

  it('frees what it made and was not told to keep, once', () => {
    const backend = counting(f64.algebra, overwritten);
    const others = backend.adopt(f64.array([1]));
    const arena = new Arena(backend.algebra, [others]);
    const kept = arena.algebra.add(others, 1);
    arena.own(others);
    expect(arena.keep([kept])).toEqual([kept]);
    expect(arena.keep([kept, others])).toEqual([kept, others]);
    arena.algebra.dispose(arena.algebra.scalar(1));
    arena.algebra.dispose(others); // not its own to free
    arena.end();
    arena.end();
    expect(backend.alive).toContain(kept);
    expect(backend.alive).toContain(others);
    expect(backend.alive.size).toBe(4); // two as they are, two as second handles
  });
});
