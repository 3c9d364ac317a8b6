import { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { namesOption, numberOption, numbersOption } from '../commands/options.ts';
import { resultFile, writeResults } from '../commands/result-file.ts';
import { runProgram } from '../commands/run-program.ts';
import { models } from '../models/model.ts';
import { optimizers } from '../optimizers.ts';
import { plainTable } from '../report/plain-table.ts';
import { type BenchParallelOptions, benchParallel } from './bench-parallel.ts';
import { parallelTable } from './parallel-table.ts';

interface Options extends BenchParallelOptions {
  readonly json?: string;
}

/**
 * The command line of the benchmark of data-parallel training.
 *
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 asked for what cannot be
 */
export async function main(args: readonly string[], io: Io = process): Promise<number> {
  const count = { whole: true, least: 1 };
  const program = new Command('bench:parallel')
    .description(
      'Times training in a pool of workers, and in as many processes that train each alone, in turns, on wasm.',
    )
    .addOption(namesOption('--networks <names>', 'networks, between commas', models, ['conv4-32']))
    .addOption(namesOption('--optimizers <names>', 'optimizers, between commas', optimizers, ['sgd', 'sam']))
    .addOption(numbersOption('--batches <images>', 'images a worker and step, between commas', count, [32, 64]))
    .addOption(numberOption('--workers <count>', 'workers, and processes', count, 2))
    .addOption(numberOption('--rounds <count>', 'how often each is timed', count, 25))
    .addOption(numberOption('--steps <count>', 'steps of each in a round', count, 1))
    .option('--json <file>', 'also write the results to this file')
    .action((options: Options) => run(options, io));
  return runProgram(program, args, io);
}

async function run({ json, ...options }: Options, io: Io): Promise<void> {
  const file = json === undefined ? undefined : resultFile(json);
  const rows = await benchParallel(options, ({ network, optimizer, batchPerWorker, ratio }) =>
    io.stderr.write(`${network} ${optimizer}, ${batchPerWorker} images each: ${ratio.toFixed(3)}\n`),
  );
  io.stdout.write(`${plainTable(parallelTable(rows))}\n`);
  if (file !== undefined) await writeResults(file, { rows }, io);
}
