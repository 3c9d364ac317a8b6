import { resolve } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { namesOption, numberOption, numbersOption } from '../commands/options.ts';
import { runProgram } from '../commands/run-program.ts';
import { models } from '../models/model.ts';
import { optimizers } from '../optimizers.ts';
import { provenance } from '../provenance.ts';
import { plainTable } from '../report/plain-table.ts';
import { type BenchParallelOptions, benchParallel, type ParallelRow } from './bench-parallel.ts';

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

async function run({ json, ...options }: Options, { stdout, stderr }: Io): Promise<void> {
  const told = ({ network, optimizer, ratio, ratioOfFastest }: ParallelRow): void => {
    stderr.write(`${network} ${optimizer}: ${ratio.toFixed(3)}, of the fastest ${ratioOfFastest.toFixed(3)}\n`);
  };
  const rows = await benchParallel(options, told);
  stdout.write(`${plainTable(table(rows))}\n`);
  if (json === undefined) return;
  const file = resolve(process.env['INIT_CWD'] ?? '', json);
  await writeAtomically(file, `${JSON.stringify({ ...(await provenance()), rows }, null, 2)}\n`);
  stdout.write(`\nResults: ${file}\n`);
}

function table(rows: readonly ParallelRow[]): Parameters<typeof plainTable>[0] {
  const column = (title: string, numeric: boolean) => ({ title, numeric });
  return {
    columns: [
      ...['network', 'optimizer'].map((title) => column(title, false)),
      ...['workers', 'images each', 'pool ms', 'process ms', 'throughput ratio', 'of the fastest'].map((title) =>
        column(title, true),
      ),
    ],
    rows: rows.map(({ network, optimizer, workers, batchPerWorker, poolMs, processMs, ratio, ratioOfFastest }) => [
      network,
      optimizer,
      String(workers),
      String(batchPerWorker),
      poolMs.toFixed(1),
      processMs.toFixed(1),
      ratio.toFixed(3),
      ratioOfFastest.toFixed(3),
    ]),
  };
}
