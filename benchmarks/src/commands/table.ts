import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { Argument, type Command } from 'commander';
import { backends } from '../backends.ts';
import { Collection } from '../collection.ts';
import { messageOf, UsageError } from '../errors.ts';
import { type FoundingResults, foundingComparison, foundingResults } from '../plans/founding-comparison.ts';
import { type Plan, scaled } from '../plans/plan.ts';
import { plans } from '../plans/plans.ts';
import { plainTable } from '../report/plain-table.ts';
import { readResults } from '../results-folder.ts';
import { described, type RunSettings } from '../settings.ts';
import { renderMeans, renderShared, renderTotals } from '../table.ts';
import { definitions } from '../text-layout.ts';
import type { Io } from './io.ts';
import { nameOption, numberOption } from './options.ts';
import { addResultsOptions, CHECKPOINT_SECONDS, type ResultsOptions } from './results-options.ts';
import { trainAndReport } from './train-and-report.ts';

interface TableOptions extends ResultsOptions {
  readonly backend?: string;
  readonly scale: number;
  readonly from?: string;
}

/** The founding table's own file, beside the folder of its results. */
const SEED_TABLE = 'seed-table.json';

/** Adds `table`, which carries out one of the project's own tables, or prints it. */
export function addTable(program: Command, io: Io, setExitCode: (code: number) => void): void {
  const names = [...plans.keys()].join(', ');
  const command = program
    .command('table')
    .description(
      'train the runs of one of the tables that the project reports, each at its settings, and go on with what --out has of them',
    )
    .addArgument(new Argument('<name>', names))
    .addOption(
      numberOption(
        '--scale <share>',
        'of the steps: fewer epochs, and below one fewer images',
        { above: 0, most: 1 },
        1,
      ),
    )
    .addOption(nameOption('--backend <name>', "engine (default: each table's own, tensorflow)", backends))
    .option('--from <folder>', 'train nothing: print what the folder holds');
  addResultsOptions(command)
    .addHelpText(
      'after',
      `\nTables:\n${definitions(
        [...plans].map(([name, plan]) => [name, plan.description]),
        80,
      )}`,
    )
    .action(async (name: string, options: TableOptions) => {
      const plan = plans.get(name);
      if (plan === undefined) throw new UsageError(`table ${name} must be one of ${names}`);
      if (options.from === undefined) setExitCode(await train(name, plan, options, io));
      else
        io.stdout.write(name === 'seed' ? await printedSeed(options.from) : await printed(plan, options, options.from));
    });
}

async function train(name: string, plan: Plan, options: TableOptions, io: Io): Promise<number> {
  const { scale, out = 'out', checkpoint = CHECKPOINT_SECONDS } = options;
  const folder = join(out, plan.folder);
  const settings = settingsOf(plan, options);
  if (scale < 1) {
    const [first, whole] = [settings[0]!, plan.settings[0]!];
    io.stdout.write(
      `Scaled to ${scale} of the steps: ${first.epochsAsked} of ${whole.epochsAsked} epochs, ${first.trainImages} of ${whole.trainImages} images in the first run. These are not the table's own settings.\n\n`,
    );
  }
  const { exitCode } = await trainAndReport({ title: name, settings }, { ...options, out: folder, checkpoint }, io);
  if (name === 'seed') {
    const results = foundingResults(await readResults(folder));
    await writeAtomically(join(out, SEED_TABLE), `${JSON.stringify(results, null, 2)}\n`);
    io.stdout.write(`\n${seedText(results)}`);
  }
  return exitCode;
}

/** The runs of a plan, at the scale and on the engine asked for. */
function settingsOf({ settings }: Plan, { scale, backend }: TableOptions): RunSettings[] {
  return settings.map((run) => scaled(backend === undefined ? run : { ...run, backend }, scale));
}

/** Those of a plan's runs that a folder has. */
async function printed(plan: Plan, options: TableOptions, from: string): Promise<string> {
  const folder = join(from, plan.folder);
  const kept = new Collection(await readResults(folder));
  const runs = settingsOf(plan, options).flatMap((run) => kept.find(described(run)) ?? []);
  if (runs.length === 0) throw new UsageError(`--from ${from} holds none of the table's runs in ${folder}`);
  return `${renderMeans(runs)}\n\n${renderTotals(runs)}\n`;
}

async function printedSeed(from: string): Promise<string> {
  const path = join(from, SEED_TABLE);
  if (!existsSync(path))
    throw new UsageError(`--from ${from} holds no ${SEED_TABLE}; give a folder that "table seed" wrote`);
  return seedText(await foundingResultsIn(path));
}

function seedText(results: FoundingResults): string {
  const { runs } = results;
  return `${[renderShared(runs), plainTable(foundingComparison(results)), renderTotals(runs)].join('\n\n').trimStart()}\n`;
}

async function foundingResultsIn(path: string): Promise<FoundingResults> {
  try {
    const results: FoundingResults = JSON.parse(await readFile(path, 'utf8'));
    foundingComparison(results); // what it needs is there
    return results;
  } catch (error) {
    throw new UsageError(
      `${path} cannot be read as the founding table (${messageOf(error)}); make it anew with "table seed"`,
    );
  }
}
