import fc from 'fast-check';
import { expect, test } from 'vitest';
import { permutation, randomFrom, seededRandom } from './random.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('a permutation holds every number once', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 300 }), (seed, count) => {
      const sorted = [...permutation(count, seededRandom(seed))].sort((a, b) => a - b);
      expect(sorted).toEqual(Array.from({ length: count }, (_, index) => index));
    }),
  );
});

test('a seed always draws the same permutation, another seed another one', () => {
  fc.assert(
    fc.property(seeds, seeds, (one, other) => {
      const draw = (seed: number) => permutation(50, seededRandom(seed)).join();
      expect(draw(one) === draw(other)).toBe(one === other);
    }),
  );
});

test('a generator goes on from where another stood, which stays where it is', () => {
  fc.assert(
    fc.property(seeds, fc.nat(20), (seed, drawn) => {
      const random = seededRandom(seed);
      permutation(drawn, random);
      const state = random.state();
      const rest = permutation(50, random);
      expect(permutation(50, randomFrom(state))).toEqual(rest);
      expect(permutation(50, randomFrom(state))).toEqual(rest);
    }),
  );
});

test('every order of three comes up equally often', () => {
  const random = seededRandom(7);
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 6_000; draw++) {
    const order = permutation(3, random).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(120);
});
