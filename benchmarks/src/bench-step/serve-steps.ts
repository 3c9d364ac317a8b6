import { createInterface } from 'node:readline';
import { messageOf } from '../errors.ts';
import type { Steps } from './engine-steps.ts';
import type { ProgramLine, TurnRequest } from './protocol.ts';

/** Answers the turns that come in as lines until there are no more; see {@link TurnRequest}. */
export async function serveSteps(
  open: () => Promise<Steps>,
  { stdin, stdout }: { readonly stdin: NodeJS.ReadableStream; readonly stdout: NodeJS.WritableStream },
): Promise<void> {
  const say = (line: ProgramLine): void => void stdout.write(`${JSON.stringify(line)}\n`);
  try {
    const steps = await open();
    say({ ready: steps.engine });
    for await (const line of createInterface({ input: stdin })) say(await turn(steps, JSON.parse(line) as TurnRequest));
  } catch (error) {
    say({ error: messageOf(error) });
  }
}

/** How long steps are taken untimed when a turn begins, in milliseconds; one at least. */
const SETTLING = 30;

async function turn(all: Steps, { task, steps }: TurnRequest): Promise<ProgramLine> {
  const timed = async (): Promise<number> => {
    if (task === 'gradient') all.renew?.();
    const startedAt = performance.now();
    const loss = await (task === 'step' ? all.step() : all.gradient());
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}, not a number`);
    return performance.now() - startedAt;
  };
  // Other programs have used the caches since the last turn.
  const startedAt = performance.now();
  do await timed();
  while (performance.now() - startedAt < SETTLING);
  const before = all.gradients();
  let ms = 0;
  for (let step = 0; step < steps; step++) ms += await timed();
  return { ms, gradients: all.gradients() - before };
}
