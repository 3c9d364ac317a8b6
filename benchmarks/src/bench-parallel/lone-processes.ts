import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoneSettings } from './lone-process.ts';

// Beside this file, in the source as built.
const PROCESS = fileURLToPath(new URL(`lone-process${extname(import.meta.url)}`, import.meta.url));

/** Processes that train each for itself and know nothing of one another. */
export interface LoneProcesses {
  /** So many steps in all of them at once. Returns the milliseconds a step took in each. */
  readonly steps: (count: number) => Promise<number[]>;
  readonly end: () => void;
}

/** Starts processes; they are there when all have built their network. */
export async function loneProcesses(count: number, settings: LoneSettings): Promise<LoneProcesses> {
  const children = Array.from({ length: count }, () => fork(PROCESS, [JSON.stringify(settings)]));
  await Promise.all(children.map(said));
  return {
    steps: (steps) =>
      Promise.all(
        children.map((child) => {
          const answer = said(child);
          child.send(steps);
          return answer as Promise<number>;
        }),
      ),
    end: () => {
      for (const child of children) child.kill();
    },
  };
}

function said(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process ended with exit code ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
