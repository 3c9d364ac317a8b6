/** How to take turns. */
export interface InterleaveOptions {
  /** How often each task is measured. */
  readonly rounds: number;
  /** Rounds before those, whose results are discarded: compilers and caches settle in them. */
  readonly warmUpRounds: number;
}

/**
 * Runs tasks in turns: A B A B … Returns the results of each task, round by round.
 *
 * A benchmark library (tinybench) would do all rounds of A and then all of B; a machine that grows warmer or busier in between
 * would look like a difference of A and B. In turns, both see the same machine.
 */
export async function interleave<R>(
  tasks: readonly (() => Promise<R>)[],
  { rounds, warmUpRounds }: InterleaveOptions,
): Promise<R[][]> {
  const results = tasks.map((): R[] => []);
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (const [index, task] of tasks.entries()) {
      const result = await task();
      if (round >= warmUpRounds) results[index]!.push(result);
    }
  }
  return results;
}
