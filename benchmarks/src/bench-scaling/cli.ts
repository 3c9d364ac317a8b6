import { join, resolve } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { namesOption, numberOption } from '../commands/options.ts';
import { runProgram } from '../commands/run-program.ts';
import { provenance } from '../provenance.ts';
import { makeWritableFolder } from '../writable-folder.ts';
import { benchScaling } from './bench-scaling.ts';
import { drawScaling } from './draw-scaling.ts';
import { scales } from './scales.ts';

interface Options {
  readonly scales: string[];
  readonly rounds: number;
  readonly out: string;
}

/**
 * The command line of the scaling benchmark.
 *
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 asked for what cannot be
 */
export async function main(args: readonly string[], io: Io = process): Promise<number> {
  const names = new Map(scales.map(({ name, title }) => [name, title]));
  const program = new Command('bench:scaling')
    .description('Times plain and SAM steps while one thing grows, and draws the times with their laws.')
    .addOption(namesOption('--scales <names>', 'what grows, between commas', names, [...names.keys()]))
    .addOption(numberOption('--rounds <count>', 'how often each step is timed', { whole: true, least: 1 }, 9))
    .requiredOption('--out <folder>', 'where scaling.json and the figures go')
    .action((options: Options) => run(options, io));
  return runProgram(program, args, io);
}

async function run({ scales: names, rounds, out }: Options, { stdout, stderr }: Io): Promise<void> {
  const folder = resolve(process.env['INIT_CWD'] ?? '', out);
  await makeWritableFolder(folder, 'give another --out');
  const asked = scales.filter(({ name }) => names.includes(name));
  const rows = await benchScaling(asked, { rounds, say: (line) => stderr.write(`${line}\n`) });
  await writeAtomically(
    join(folder, 'scaling.json'),
    `${JSON.stringify({ ...(await provenance()), rows }, null, 2)}\n`,
  );
  stdout.write(`${await drawScaling(folder, rows)}\nResults: ${folder}\n`);
}
