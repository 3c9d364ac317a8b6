/** How to time tasks. */
export interface InterleaveOptions {
  /** How often each task is timed. */
  readonly rounds: number;
  /** Rounds before those, whose times are discarded: compilers and caches settle in them. */
  readonly warmUpRounds: number;
  /** A clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Times tasks in turns: A B A B … Returns the times of each task, round by round.
 *
 * A benchmark library (tinybench) would time all rounds of A and then all of B; a machine that grows warmer or busier
 * in between would look like a difference of A and B. In turns, both see the same machine.
 */
export async function interleave(
  tasks: readonly (() => Promise<unknown>)[],
  { rounds, warmUpRounds, now = () => performance.now() }: InterleaveOptions,
): Promise<number[][]> {
  const times = tasks.map((): number[] => []);
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (const [index, task] of tasks.entries()) {
      const startedAt = now();
      await task();
      const elapsed = now() - startedAt;
      if (round >= warmUpRounds) times[index]!.push(elapsed);
    }
  }
  return times;
}
