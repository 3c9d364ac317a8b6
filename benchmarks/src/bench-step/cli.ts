import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { Command, CommanderError } from 'commander';
import type { Io } from '../commands/io.ts';
import { namesOption, numberOption } from '../commands/options.ts';
import { messageOf, UsageError } from '../errors.ts';
import { models } from '../models/model.ts';
import { provenance } from '../provenance.ts';
import { plainTable } from '../report/plain-table.ts';
import { type BenchStepOptions, benchStep } from './bench-step.ts';
import { stepTable } from './step-table.ts';

interface Options extends BenchStepOptions {
  readonly json?: string;
}

/**
 * The command line of the step benchmark.
 *
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 asked for what cannot be
 */
export async function main(args: readonly string[], io: Io = process): Promise<number> {
  const program = new Command('bench:step')
    .description('Times one training step with plain SGD (momentum .9) and with SAM, in turns, on the wasm backend.')
    .addOption(namesOption('--networks <names>', 'networks, between commas', models, ['conv4-16', 'conv4-32']))
    .addOption(numberOption('--rounds <count>', 'how often each step is timed', { whole: true, least: 1 }, 15))
    .addOption(numberOption('--batch <images>', 'images a step', { whole: true, least: 1 }, 64))
    .option('--json <file>', 'also write the results to this file')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .action((options: Options) => run(options, io));
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    io.stderr.write(`error: ${messageOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run({ json, ...options }: Options, { stdout, stderr }: Io): Promise<void> {
  const file = json === undefined ? null : jsonFile(json);
  stderr.write(`Timing ${options.networks.join(', ')}: ${options.rounds} rounds of batch ${options.batch}…\n`);
  const rows = await benchStep(options);
  stdout.write(`${plainTable(stepTable(rows))}\n`);
  if (file === null) return;
  await writeAtomically(file, `${JSON.stringify({ ...(await provenance()), rows }, null, 2)}\n`);
  stdout.write(`\nResults: ${file}\n`);
}

/** npm runs scripts in the package's folder; INIT_CWD is where the user stands. */
function jsonFile(path: string): string {
  const file = resolve(process.env['INIT_CWD'] ?? '', path);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--json ${path} is a folder; name a file`);
  }
  return file;
}
