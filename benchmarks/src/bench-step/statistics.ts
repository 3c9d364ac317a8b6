import { median, min, quantile } from 'd3-array';

/** What the times of a step come to. */
export interface Spread {
  /** What is left where no other work of the machine disturbs a round. */
  readonly fastestMs: number;
  readonly medianMs: number;
  readonly q1Ms: number;
  readonly q3Ms: number;
}

/** Fastest, median and quartiles of times in milliseconds, interpolated linearly. */
export function spreadOf(times: readonly number[]): Spread {
  return {
    fastestMs: min(times)!,
    medianMs: median(times)!,
    q1Ms: quantile(times, 0.25)!,
    q3Ms: quantile(times, 0.75)!,
  };
}

/** The median of (time / other time), each within one round, where both saw the same machine. */
export function medianRatio(times: readonly number[], others: readonly number[]): number {
  return median(times, (time, round) => time / others[round]!)!;
}

/** One update of the base optimizer: what a plain step takes beside its gradient. */
export function updateOf(plainTimes: readonly number[], gradientTimes: readonly number[]): number {
  return Math.max(0, median(plainTimes, (plain, round) => plain - gradientTimes[round]!)!);
}

/**
 * What a step cannot be faster than, round by round: its gradients and one update of the base optimizer.
 *
 * @param gradientTimes of the gradient alone, in the step's own process: one process is slower than another at the same work
 */
export function floorOf(gradientTimes: readonly number[], gradientsPerStep: number, update: number): number[] {
  return gradientTimes.map((gradient) => gradientsPerStep * gradient + update);
}
