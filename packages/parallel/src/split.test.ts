import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { split } from './split.ts';

describe('a batch that is split', () => {
  it('has every sample in one part, in its order, and parts that differ by at most one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(30), (count, more) => {
        const samples = count + more;
        const batch = {
          xs: Float32Array.from({ length: 3 * samples }, (_, i) => i),
          names: Array.from({ length: samples }, (_, i) => `${i}`),
        };
        const parts = split(batch, samples, count);
        expect(parts.length).toBe(count);
        expect(parts.flatMap(({ xs }) => [...xs])).toEqual([...batch.xs]);
        expect(parts.flatMap(({ names }) => names)).toEqual(batch.names);
        const sizes = parts.map(({ names }) => names.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const [i, { xs }] of parts.entries()) expect(xs.length).toBe(3 * sizes[i]!);
      }),
    );
  });

  it('is copied to just what each part needs, but for shared memory, which stays where it is', () => {
    const shared = new Float32Array(new SharedArrayBuffer(32)).fill(1);
    const [first, second] = split({ own: new Float32Array(8), shared }, 4, 2);
    expect(first!.own.buffer.byteLength).toBe(16);
    expect(second!.shared.buffer).toBe(shared.buffer);
    expect(second!.shared.byteOffset).toBe(16);
  });

  it('is refused where there are fewer samples than parts, or where an array does not go by samples', () => {
    expect(() => split({ xs: new Float32Array(1) }, 1, 2)).toThrow(
      'split: 1 samples cannot be split in 2; give at least 2.',
    );
    expect(() => split({ xs: new Float32Array(7) }, 3, 2)).toThrow(
      'split: "xs" has 7 elements for 3 samples; give as many for each sample.',
    );
    expect(() => split({ xs: [] as number[] }, 3, 2)).toThrow('split: "xs" has 0 elements for 3 samples');
  });
});
