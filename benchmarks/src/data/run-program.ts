import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { codeOf, messageOf } from '../errors.ts';

/** Runs a program in a folder and waits; rejects, with the last line it printed, when it fails. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal },
) => Promise<void>;

/** {@link RunProgram} on this machine. */
export const runProgram: RunProgram = async (program, args, options) => {
  try {
    await promisify(execFile)(program, args, options);
  } catch (error) {
    options.signal.throwIfAborted();
    if (codeOf(error) === 'ENOENT') throw new Error(`${program} is not on this machine`, { cause: error });
    const lastLine = messageOf(error).trim().split('\n').at(-1);
    throw new Error(`${program} ${args[0]} failed (${lastLine})`, { cause: error });
  }
};
