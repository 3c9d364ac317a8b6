import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, distance } from './numbers.ts';

describe('numbers by path', () => {
  const numbers = fc.dictionary(fc.string(), fc.array(fc.double()), { maxKeys: 4 });

  it('do not differ from themselves', () => {
    fc.assert(fc.property(numbers, (a) => difference(a, structuredClone(a)) === undefined));
  });

  it('differ by a leaf, by a length and by an element, which is told first', () => {
    const a = { w: [1, 2], b: [0] };
    expect(difference(a, { w: [1, 2] })).toEqual({ expected: 'the leaves w, b', found: 'w' });
    expect(difference(a, {})).toEqual({ expected: 'the leaves w, b', found: 'none' });
    expect(difference(a, { w: [1], b: [0] })).toEqual({ expected: '2 elements at "w"', found: '1' });
    expect(difference(a, { w: [1, 3], b: [1] })).toEqual({ expected: '2 at "w"[1]', found: '3' });
    expect(difference(a, { w: [1, 2], b: [-0] })).toEqual({ expected: '0 at "b"[0]', found: '-0' });
  });

  it('are as far apart as their difference is long, in lengths of the second; infinitely where there are more', () => {
    expect(distance({ w: [3, 4], b: [1] }, { w: [3, 4], b: [1] })).toBe(0);
    expect(distance({ w: [3, 4] }, { w: [0, 4] })).toBe(0.75);
    expect(distance({ w: [3, 4] }, { w: [3] })).toBe(Number.POSITIVE_INFINITY);
  });
});
