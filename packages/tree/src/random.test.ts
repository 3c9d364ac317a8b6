import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normals, scramble, uniforms } from './random.ts';

const bits = (x: bigint): bigint => BigInt.asUintN(32, x);

// MurmurHash3's finalizer, written once more over whole numbers of any size.
function finalizer(input: number): bigint {
  let x = bits(BigInt(input));
  x = bits((x ^ (x >> 16n)) * 0x85ebca6bn);
  x = bits((x ^ (x >> 13n)) * 0xc2b2ae35n);
  return x ^ (x >> 16n);
}

const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });

describe('scrambled bits', () => {
  it('are those of MurmurHash3’s finalizer, of numbers with a sign too', () => {
    expect([0, 1].map(scramble)).toEqual([0, 0x514e28b7]);
    fc.assert(fc.property(seeds, (seed) => BigInt(scramble(seed)) === finalizer(seed)));
  });
});

describe('a stream of uniform numbers', () => {
  it('is splitmix32, from a scrambled seed on', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const next = uniforms(seed);
        const start = finalizer(Number(bits(BigInt(seed)) ^ 0x5bd1e995n));
        for (let k = 1n; k <= 5n; k++) {
          expect(next()).toBe(Number(finalizer(Number(bits(start + k * 0x9e3779b9n)))) / 2 ** 32);
        }
      }),
    );
  });

  it('fills [0, 1) evenly', () => {
    const next = uniforms(1);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) counts[Math.floor(10 * next())]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120); // four standard deviations
  });
});

describe('a stream of normal numbers', () => {
  it('is made of pairs of uniform ones by Box and Muller', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [uniform, normal] = [uniforms(seed), normals(seed)];
        for (let i = 0; i < 3; i++) {
          const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
          expect(normal()).toBe(radius * Math.cos(2 * Math.PI * uniform()));
        }
      }),
    );
  });

  it('has as many within one and two standard deviations as a normal distribution', () => {
    const next = normals(7);
    const sizes = Array.from({ length: 20_000 }, () => Math.abs(next()));
    const within = (bound: number): number => sizes.filter((x) => x < bound).length / sizes.length;
    expect(Math.abs(within(1) - 0.6827)).toBeLessThan(0.015);
    expect(Math.abs(within(2) - 0.9545)).toBeLessThan(0.008);
  });
});
