import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Reproducible randomness: the same seed draws the same numbers on every machine. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** Where it stands. */
  state(): RandomState;
}

/** From it the same numbers follow. */
export type RandomState = readonly number[];

/** A generator for a seed, a whole number from 0 to 2³² − 1. */
export function seededRandom(seed: number): Random {
  return randomOf(xoroshiro128plus(seed));
}

/** A generator that goes on from where another stood. */
export function randomFrom(state: RandomState): Random {
  return randomOf(xoroshiro128plusFromState(state));
}

function randomOf(generator: RandomGenerator): Random {
  return { integer: (low, high) => uniformInt(generator, low, high), state: () => [...generator.getState()] };
}

/** The numbers 0 … count − 1 in random order (Fisher and Yates). */
export function permutation(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(0, last);
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}
