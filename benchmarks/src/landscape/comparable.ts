import { isDeepStrictEqual } from 'node:util';
import { tasksOf } from '../report/baseline.ts';
import type { Given, LandscapeResults, RunMeasures } from './results.ts';

/** Measures that can be compared. */
export interface Comparable extends LandscapeResults {
  /** How many were taken in another way than the same measure of the first run of their task, and are left out. */
  readonly leftOut: number;
}

/** Leaves out what was measured with other options than the same measure of the first run of the task that has it. */
export function comparable({ runs }: LandscapeResults): Comparable {
  let leftOut = 0;
  const alike = new Map<RunMeasures, RunMeasures>();
  for (const { members } of tasksOf(runs, ({ run }) => run)) {
    const first = new Map<string, Given>();
    for (const one of members) {
      const kept = Object.entries(one.measured).filter(([name, { given }]) => {
        if (!first.has(name)) first.set(name, given);
        return isDeepStrictEqual(first.get(name), given);
      });
      leftOut += Object.keys(one.measured).length - kept.length;
      alike.set(one, { ...one, measured: Object.fromEntries(kept) });
    }
  }
  return { runs: runs.map((one) => alike.get(one)!), leftOut };
}
