import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ProgramLine, TurnRequest } from './protocol.ts';

/** The answer to a turn. */
export type Turn = Extract<ProgramLine, { readonly ms: number }>;

/** A program that takes steps when it is told to, and tells how long they took. */
export interface TimedProgram {
  /** What it runs on, in its own words. */
  readonly ready: string;
  turn(request: TurnRequest): Promise<Turn>;
  close(): void;
}

/**
 * Starts a program and waits until it is ready to take steps.
 *
 * @param what the program, for the error's sentence
 * @throws Error when it does not start, or fails, with its last words
 */
export async function startProgram(what: string, command: string, args: readonly string[]): Promise<TimedProgram> {
  const child = spawn(command, args, { stdio: 'pipe' });
  const lines = linesOf(what, child);
  try {
    const first = await lines.next();
    if (!('ready' in first)) throw new Error(`${what} began with ${JSON.stringify(first)}, not with being ready`);
    return {
      ready: first.ready,
      async turn(request) {
        child.stdin.write(`${JSON.stringify(request)}\n`);
        return (await lines.next()) as Turn;
      },
      close: () => void child.kill(),
    };
  } catch (error) {
    child.kill();
    throw error;
  }
}

function linesOf(what: string, child: ChildProcessWithoutNullStreams): { next(): Promise<ProgramLine> } {
  let complaints = '';
  let trouble = '';
  child.on('error', ({ message }) => {
    trouble = message;
  });
  child.stdin.on('error', () => {}); // it has ended; its output says so, too
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = `${complaints}${text}`.slice(-2_000);
  });
  // Its last words may come after the end of its lines.
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) await closed;
        if (done)
          throw new Error(`${what} ended: ${trouble || complaints.trim().split('\n').at(-1) || 'it said nothing'}`);
        if (!value.startsWith('{')) continue; // a greeting of an engine
        const line = JSON.parse(value) as ProgramLine;
        if ('error' in line) throw new Error(`${what} failed: ${line.error}`);
        return line;
      }
    },
  };
}
