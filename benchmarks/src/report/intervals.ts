import type { Interval } from '../statistics/paired.ts';
import { missing } from './format.ts';

/** The mean with its standard error: `91.52 ± 0.11`; without ± for one value, and a dash for none. */
export function withError(found: Interval | undefined, digits: number): string {
  if (found === undefined) return missing;
  return `${found.mean.toFixed(digits)}${plusMinus(found.standardError, digits)}`;
}

/** The mean of differences with half the width of its interval: `+0.27 ± 0.12`; the same where there are few. */
export function difference(found: Interval | undefined, digits: number): string {
  if (found === undefined) return missing;
  const sign = found.mean < 0 ? '−' : '+';
  return `${sign}${Math.abs(found.mean).toFixed(digits)}${plusMinus(found.halfWidth, digits)}`;
}

function plusMinus(size: number | undefined, digits: number): string {
  return size === undefined ? '' : ` ± ${size.toFixed(digits)}`;
}
