import { Command } from 'commander';
import { batchOf } from '../bench-step/batch-of.ts';
import { stepOptimizers } from '../bench-step/step-optimizers.ts';
import type { Io } from '../commands/io.ts';
import { nameOption, namesOption, numberOption } from '../commands/options.ts';
import { resultFile, writeResults } from '../commands/result-file.ts';
import { runProgram } from '../commands/run-program.ts';
import { models } from '../models/model.ts';
import { plainTable } from '../report/plain-table.ts';
import { profileStep, type StepProfile } from './profile-step.ts';
import { profileTable } from './profile-table.ts';

interface Options {
  readonly network: string;
  readonly engines: readonly string[];
  readonly optimizer: string;
  readonly seconds: number;
  readonly json?: string;
}

/** The engines whose steps run in this thread, where they can be profiled. */
const engines = new Map(['wasm', 'tensorflow', 'cpu'].map((name) => [name, name]));

/**
 * The command line of the profile of a step.
 *
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 asked for what cannot be
 */
export async function main(args: readonly string[], io: Io = process): Promise<number> {
  const program = new Command('bench:profile')
    .description('Tells where the time of a training step goes beside its gradients and its update.')
    .addOption(nameOption('--network <name>', 'a network', models, 'mlp-64'))
    .addOption(namesOption('--engines <names>', 'engines, between commas', engines, ['wasm', 'tensorflow']))
    .addOption(nameOption('--optimizer <name>', 'an optimizer', stepOptimizers, 'sam'))
    .addOption(numberOption('--seconds <count>', 'how long each is profiled', { above: 0 }, 20))
    .option('--json <file>', 'also write the profiles to this file')
    .action((options: Options) => run(options, io));
  return runProgram(program, args, io);
}

async function run({ network, optimizer, seconds, json, ...options }: Options, io: Io): Promise<void> {
  const file = json === undefined ? undefined : resultFile(json);
  const profiles: StepProfile[] = [];
  for (const engine of options.engines)
    profiles.push(await profileStep({ engine, network, optimizer, batch: batchOf(network) }, seconds));
  io.stdout.write(`${plainTable(profileTable(profiles))}\n`);
  if (file !== undefined) await writeResults(file, { profiles }, io);
}
