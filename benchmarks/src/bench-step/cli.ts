import { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { namesOption, numberOption } from '../commands/options.ts';
import { resultFile, writeResults } from '../commands/result-file.ts';
import { runProgram } from '../commands/run-program.ts';
import { models } from '../models/model.ts';
import { plainTable } from '../report/plain-table.ts';
import { batchOf } from './batch-of.ts';
import { benchStep } from './bench-step.ts';
import { quickEngines, stepEngines } from './step-engines.ts';
import { stepOptimizers } from './step-optimizers.ts';
import { stepTable } from './step-table.ts';

interface Options {
  readonly networks: string[];
  readonly engines?: string[];
  readonly optimizers: string[];
  readonly rounds: number;
  readonly batch?: number;
  readonly python?: string;
  readonly json?: string;
}

/**
 * The command line of the step benchmark.
 *
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 asked for what cannot be
 */
export async function main(args: readonly string[], io: Io = process): Promise<number> {
  const networks = ['conv4-16', 'conv4-32', 'resnet-12', 'mlp-64'];
  const program = new Command('bench:step')
    .description(
      'Times one training step of networks with several optimizers, on all engines that this machine has, in turns: one step of each, round by round.',
    )
    .addOption(namesOption('--networks <names>', 'networks, between commas', models, networks))
    .addOption(
      namesOption(
        '--engines <names>',
        'engines, between commas (default: those of this machine; cpu for dense networks only)',
        stepEngines,
      ),
    )
    .addOption(
      namesOption('--optimizers <names>', 'optimizers, between commas', stepOptimizers, [...stepOptimizers.keys()]),
    )
    .addOption(numberOption('--rounds <count>', 'how often each step is timed', { whole: true, least: 1 }, 15))
    .addOption(numberOption('--batch <images>', 'images a step (default: 64, of mlp-64 32)', { whole: true, least: 1 }))
    .option('--python <program>', 'a Python with PyTorch or JAX, which are then timed beside')
    .option('--json <file>', 'also write the results to this file')
    .action((options: Options) => run(options, io));
  return runProgram(program, args, io);
}

async function run({ json, engines, batch, ...options }: Options, io: Io): Promise<void> {
  const file = json === undefined ? undefined : resultFile(json);
  const results = await benchStep({
    ...options,
    enginesOf: engines === undefined ? await quickEngines() : () => engines,
    batchOf: (network) => batch ?? batchOf(network),
    say: (line) => io.stderr.write(`${line}\n`),
  });
  io.stdout.write(`${plainTable(stepTable(results.rows))}\n`);
  if (file !== undefined) await writeResults(file, results, io);
}
