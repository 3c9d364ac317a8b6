import { map } from '@flatmin/tree';
import type { Optimizer } from '../sharpness-aware.ts';
import type { Floating, Floats } from './kinds.ts';
import type { Problem } from './problems.ts';

/** The weights after some steps. */
export function train(optimizer: Optimizer<Floats>, { start, evaluate }: Problem, steps: number): Floating {
  let weights = start;
  for (let i = 0; i < steps; i++) ({ weights } = optimizer.step(weights, evaluate));
  return weights;
}

/** The same by {@link Optimizer.stepAsync}, with answers that come late and, where several are awaited, out of order. */
export async function trainAsync(
  optimizer: Optimizer<Floats>,
  { start, evaluate }: Problem,
  steps: number,
): Promise<Floating> {
  let weights = start;
  let asked = 0;
  for (let i = 0; i < steps; i++) {
    ({ weights } = await optimizer.stepAsync(weights, async (w, about) => {
      await ticks(asked++ % 2 === 0 ? 5 : 1);
      return evaluate(w, about);
    }));
  }
  return weights;
}

/** Waits for a number of turns of the event queue. */
export async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve();
}

/** A copy that shares no memory. */
export const copied = (tree: Floating): Floating => map<Floats, Floats>((leaf) => leaf.slice(), tree);
