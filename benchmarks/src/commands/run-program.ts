import { type Command, CommanderError } from 'commander';
import { messageOf, UsageError } from '../errors.ts';
import type { Io } from './io.ts';

/** Runs a program of one command. Returns the exit code: 0 done, 1 failed, 2 asked for what cannot be. */
export async function runProgram(program: Command, args: readonly string[], { stdout, stderr }: Io): Promise<number> {
  program.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    stderr.write(`error: ${messageOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
