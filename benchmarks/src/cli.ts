import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { addCompare } from './commands/compare.ts';
import { addData } from './commands/data.ts';
import type { Io } from './commands/io.ts';
import { addLandscape } from './commands/landscape.ts';
import { addMerge } from './commands/merge.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addTable } from './commands/table.ts';
import { STOPPED } from './commands/train-and-report.ts';
import { addVariants } from './commands/variants.ts';
import { addWorker } from './commands/worker.ts';
import { messageOf, UsageError } from './errors.ts';
import { StoppedError } from './interrupt.ts';

/**
 * The command line `flatmin-bench`.
 *
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 asked for what cannot be, 130 stopped by the user
 */
export async function main(args: readonly string[], io: Io = process): Promise<number> {
  let exitCode = 0;
  const program = new Command('flatmin-bench')
    .description('Trains real networks with and without sharpness-aware minimization, and compares them.')
    .option('--verbose', 'show where in the code an error came from')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  addData(program, io);
  addVariants(program, io);
  addCompare(program, io, (code) => {
    exitCode = code;
  });
  addLandscape(program, io);
  addMerge(program, io);
  addReport(program, io);
  addTable(program, io, (code) => {
    exitCode = code;
  });
  addRun(program, io, (code) => {
    exitCode = code;
  });
  addWorker(program, io);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return report(error, io, program.opts()['verbose'] === true || Boolean(process.env['DEBUG']));
  }
}

/** Says what went wrong, and which exit code that is. */
function report(error: unknown, { stderr }: Io, verbose: boolean): number {
  if (error instanceof StoppedError) {
    stderr.write(`${error.message}.\n`);
    return STOPPED;
  }
  stderr.write(`error: ${verbose ? inspect(error) : messageOf(error)}\n`);
  return error instanceof UsageError ? 2 : 1;
}
