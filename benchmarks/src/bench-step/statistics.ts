import { median, quantile } from 'd3-array';

/** What the times of an optimizer's step come to. */
export interface StepStatistics {
  readonly medianMs: number;
  readonly q1Ms: number;
  readonly q3Ms: number;
  /** Median over the rounds of (time of this step) / (time of the plain step in the same round). */
  readonly ratioToPlain: number;
}

/**
 * Statistics of a step's times in milliseconds, against the plain step's times in the same rounds. The ratio is taken
 * within each round, where both saw the same machine, before the median. Quartiles are interpolated linearly.
 */
export function stepStatistics(times: readonly number[], plainTimes: readonly number[]): StepStatistics {
  return {
    medianMs: median(times)!,
    q1Ms: quantile(times, 0.25)!,
    q3Ms: quantile(times, 0.75)!,
    ratioToPlain: median(times, (time, round) => time / plainTimes[round]!)!,
  };
}
