import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { Argument, type Command, Option } from 'commander';
import { sum } from 'd3-array';
import { backends, useBackend } from '../backends.ts';
import { Collection } from '../collection.ts';
import { messageOf, UsageError } from '../errors.ts';
import { type FoundingResults, foundingComparison, foundingResults } from '../plans/founding-comparison.ts';
import { foundingTable } from '../plans/founding-table.ts';
import { type Plan, type PlanOptions, planned } from '../plans/plan.ts';
import { plans } from '../plans/plans.ts';
import { plainTable } from '../report/plain-table.ts';
import { readResults } from '../results-folder.ts';
import { described, type RunSettings } from '../settings.ts';
import { stepsOf } from '../steps.ts';
import { renderMeans, renderShared, renderTotals } from '../table.ts';
import { definitions } from '../text-layout.ts';
import type { Io } from './io.ts';
import { nameOption, numberOption } from './options.ts';
import { addContinuing, CHECKPOINT_SECONDS, type ResultsOptions } from './results-options.ts';
import { trainAndReport } from './train-and-report.ts';

interface TableOptions extends PlanOptions, Omit<ResultsOptions, 'force'> {
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
      'train the runs of one of the tables that the project reports, each at its settings, keep them, and go on with what --out has of them',
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
    .addOption(
      new Option('--from <folder>', 'train nothing: print what the folder holds').conflicts([
        'out',
        'checkpoint',
        'resume',
        'part',
      ]),
    )
    .option('--out <folder>', "where the table's own folder goes, with the results (default: out)");
  addContinuing(command)
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
        io.stdout.write(
          name === 'seed' ? await seedFrom(options.from, options) : await from(options.from, plan, options),
        );
    });
}

async function train(name: string, plan: Plan, options: TableOptions, io: Io): Promise<number> {
  const { scale, out = 'out', checkpoint = CHECKPOINT_SECONDS } = options;
  const backend = options.backend === undefined ? undefined : await useBackend(options.backend);
  const folder = join(out, plan.folder);
  const settings = planned(plan, { scale, backend });
  if (scale < 1) io.stdout.write(`${scaleText(plan, settings)}\n\n`);
  const { exitCode } = await trainAndReport({ title: name, settings }, { ...options, out: folder, checkpoint }, io);
  if (name === 'seed') {
    const results = foundingResults(await readResults(folder), { scale, backend });
    await writeAtomically(join(out, SEED_TABLE), `${JSON.stringify(results, null, 2)}\n`);
    io.stdout.write(`\n${seedText(results)}`);
  }
  return exitCode;
}

/** What is less than in the table itself. */
function scaleText(plan: Plan, settings: readonly RunSettings[]): string {
  const [first, whole] = [settings[0]!, plan.settings[0]!];
  const share = sum(settings, stepsOf) / sum(plan.settings, stepsOf);
  return `Scaled to ${share.toPrecision(2)} of the steps: ${first.epochsAsked} of ${whole.epochsAsked} epochs, ${first.trainImages} of ${whole.trainImages} images in the first run. These are not the table's own settings.`;
}

/** Those of a plan's runs that a folder has. */
async function from(within: string, plan: Plan, options: PlanOptions): Promise<string> {
  const folder = join(within, plan.folder);
  const kept = new Collection(await readResults(folder));
  const settings = planned(plan, options);
  const runs = settings.flatMap((run) => kept.find(described(run)) ?? []);
  if (runs.length === 0) throw new UsageError(`--from ${within} holds none of the table's runs in ${folder}`);
  const scale = options.scale < 1 ? [scaleText(plan, settings)] : [];
  return `${[...scale, renderMeans(runs), renderTotals(runs)].join('\n\n')}\n`;
}

/** The founding table from its own file, or from the runs where there is none, or where it is not asked for as it is. */
async function seedFrom(within: string, options: PlanOptions): Promise<string> {
  const path = join(within, SEED_TABLE);
  if (existsSync(path) && options.scale === 1 && options.backend === undefined) return seedText(await resultsIn(path));
  const folder = join(within, foundingTable.folder);
  const results = foundingResults(await readResults(folder), options);
  if (results.runs.length === 0) {
    throw new UsageError(
      `--from ${within} holds no ${SEED_TABLE}, and none of its runs in ${folder}; train them with "table seed"`,
    );
  }
  return seedText(results);
}

function seedText(results: FoundingResults): string {
  const { runs } = results;
  return `${[renderShared(runs), plainTable(foundingComparison(results)), renderTotals(runs)].join('\n\n').trimStart()}\n`;
}

async function resultsIn(path: string): Promise<FoundingResults> {
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
