import { float64, type ParamTree } from '@flatmin/core';
import { describe, expect, it } from 'vitest';
import { counting } from './counting.ts';

type Leaf = Float64Array;
const leaf = (...numbers: readonly number[]): Leaf => Float64Array.from(numbers);

describe('a counting algebra', () => {
  it('knows what is alive', () => {
    const { algebra, alive, adopt, free } = counting(float64);
    const w = adopt({ kernel: leaf(1, 2), bias: leaf(3) });
    const [sum, masks] = [algebra.add(w.kernel, w.bias), algebra.top([w.kernel, w.bias], 1)];
    expect([...alive]).toEqual([w.kernel, w.bias, sum, ...masks]);
    free([sum, masks]);
    expect([...alive]).toEqual([w.kernel, w.bias]);
  });

  it('refuses what is not: freed, or made elsewhere', () => {
    const { algebra, adopt } = counting(float64);
    const [alive, freed] = [adopt(leaf(1)), algebra.scalar(2)];
    algebra.dispose(freed);
    const uses: Readonly<Record<string, (x: Leaf) => unknown>> = {
      add: (x) => algebra.add(alive, x),
      sub: (x) => algebra.sub(x, 1),
      norm: (x) => algebra.norm([alive, x]),
      top: (x) => algebra.top([x], 1),
      guard: (x) => algebra.guard(x, alive),
      full: (x) => algebra.full(x, 0),
      share: (x) => algebra.share(x),
      shape: (x) => algebra.shape(x),
      read: (x) => algebra.read(x),
      dispose: (x) => algebra.dispose(x),
    };
    for (const [name, use] of Object.entries(uses)) {
      for (const dead of [freed, leaf(3)]) {
        expect(() => use(dead)).toThrow(`${name} was given a leaf that is not alive: it was freed, or never made by`);
      }
    }
    // A number may stand for a leaf in arithmetic, never where one is freed.
    for (const none of [undefined, 1]) expect(() => algebra.dispose(none as never)).toThrow('dispose was given a leaf');
  });

  it('tells of what is disposed of, so that it can be overwritten', () => {
    const { algebra } = counting(float64, { disposed: (x) => x.fill(Number.NaN) });
    const freed = algebra.scalar(2);
    algebra.dispose(freed);
    expect(freed).toEqual(leaf(Number.NaN));
  });

  it('reads later where the backend does', async () => {
    expect(counting(float64).algebra.readAsync).toBeUndefined();
    const { algebra, adopt } = counting({ ...float64, readAsync: async (x: Leaf) => x[0]! });
    expect(await algebra.readAsync?.(adopt(leaf(5)))).toBe(5);
    expect(() => algebra.readAsync?.(leaf(5))).toThrow('readAsync was given a leaf that is not alive');
  });

  it('hosts a problem: its start is a copy, its inputs must be alive, its results are known', () => {
    const { alive, hosting, free } = counting(float64);
    const start = { w: leaf(1, 2) };
    const hosted = hosting({ start, evaluate: (w) => ({ loss: leaf(0), gradient: w as ParamTree<Leaf> }) });
    expect(hosted.start).toEqual(start);
    expect(alive.has(start.w)).toBe(false);
    expect(() => hosted.evaluate(start)).toThrow('the function was given a leaf that is not alive');
    const { loss } = hosted.evaluate(hosted.start);
    expect(alive.size).toBe(2);
    free([loss as Leaf, hosted.start]);
    expect(alive.size).toBe(0);
  });
});
