import type { StepTask } from './protocol.ts';
import type { TimedProgram } from './timed-program.ts';

/** One turn's outcome. */
export interface Timed {
  /** Milliseconds a step. */
  readonly ms: number;
  /** Gradients a step. */
  readonly gradients: number;
}

/** How long a turn is at least, in milliseconds: short steps are timed several at once. */
const TURN = 200;

/**
 * The turns of a program: so many steps that a turn is long enough to be timed.
 *
 * @param cycle steps are timed in multiples of this
 */
export function timedTask(program: TimedProgram, task: StepTask, cycle: number): () => Promise<Timed> {
  let steps = cycle;
  return async () => {
    const { ms, gradients } = await program.turn({ task, steps });
    const timed = { ms: ms / steps, gradients: gradients / steps };
    steps = Math.max(steps, cycle * Math.ceil(TURN / (timed.ms * cycle)));
    return timed;
  };
}

/** How long a program is warmed up at least, in milliseconds: quick steps are many until they are compiled to be fast. */
const WARM_UP = 2_000;

/** Takes turns until compilers and caches have settled. */
export async function warmUp(turn: () => Promise<Timed>): Promise<void> {
  const startedAt = performance.now();
  do await turn();
  while (performance.now() - startedAt < WARM_UP);
}
