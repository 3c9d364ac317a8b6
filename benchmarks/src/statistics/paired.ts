import { deviation, mean } from 'd3-array';
import jstat from 'jstat';

/** A mean with what is known of it. */
export interface Interval {
  readonly mean: number;
  /** s/√n; undefined for one value. */
  readonly standardError: number | undefined;
  /** Half the width of the 95 % interval of Student's t; undefined for one value. */
  readonly halfWidth: number | undefined;
  /** How many values. */
  readonly count: number;
}

const CONFIDENCE = 0.95;

/**
 * The mean of values, its standard error, and its 95 % interval: mean ± t s/√n, with t of n − 1 degrees of freedom.
 *
 * @returns undefined without values
 */
export function interval(values: readonly number[]): Interval | undefined {
  const average = mean(values);
  if (average === undefined) return undefined;
  const count = values.length;
  const spread = deviation(values);
  if (spread === undefined) return { mean: average, standardError: undefined, halfWidth: undefined, count };
  const standardError = spread / Math.sqrt(count);
  const t = jstat.studentt.inv((1 + CONFIDENCE) / 2, count - 1);
  return { mean: average, standardError, halfWidth: t * standardError, count };
}

/** Seed by seed, what the one is above the other; seeds that only one of them has, or has no value of, are left out. */
export function pairedDifferences<R extends { readonly seed: number }>(
  one: readonly R[],
  other: readonly R[],
  value: (run: R) => number | null | undefined,
): number[] {
  const bySeed = new Map(other.map((run) => [run.seed, value(run)]));
  return one.flatMap((run) => {
    const [mine, theirs] = [value(run), bySeed.get(run.seed)];
    return typeof mine === 'number' && typeof theirs === 'number' ? [mine - theirs] : [];
  });
}

/**
 * McNemar's exact test: how likely two networks of equal accuracy would be to part as far as these, or farther, in the
 * images that only one of them gets right. Of n = b + c such images each is a fair coin: p = min(1, 2 P(X ≤ min(b, c))),
 * X binomial with n and ½.
 *
 * @param b images that only the one gets right
 * @param c images that only the other gets right
 * @see McNemar, "Note on the sampling error of the difference between correlated proportions or percentages"
 * (Psychometrika 1947)
 */
export function mcnemar(b: number, c: number): number {
  return Math.min(1, 2 * lowerTail(Math.min(b, c), b + c));
}

/**
 * P(X ≤ k) of X binomial with n and ½: its last term, times what the terms before it are of that. The library's own is
 * rounded to ten decimals, and small probabilities are what a test is for.
 */
function lowerTail(k: number, n: number): number {
  let [log, sum, part] = [-n * Math.LN2, 1, 1];
  for (let i = 1; i <= k; i++) log += Math.log((n - i + 1) / i);
  for (let i = k; i > 0; i--) {
    part *= i / (n - i + 1);
    sum += part;
  }
  return Math.exp(log) * sum;
}
