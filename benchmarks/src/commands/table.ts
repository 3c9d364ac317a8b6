import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { Argument, type Command } from 'commander';
import { sum } from 'd3-array';
import { backends, useBackend } from '../backends.ts';
import { Collection } from '../collection.ts';
import { messageOf, UsageError } from '../errors.ts';
import { type FoundingResults, foundingComparison, foundingResults } from '../plans/founding-comparison.ts';
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
    .option('--from <folder>', 'train nothing: print what the folder holds')
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
      else {
        checkPrintsOnly(options.from, options);
        const print = name === 'seed' ? seedFrom : from;
        io.stdout.write(await print(options.from, plan, options));
      }
    });
}

/** @throws UsageError for options of a training */
function checkPrintsOnly(from: string, options: TableOptions): void {
  for (const name of ['out', 'checkpoint', 'resume', 'part', 'queue'] as const) {
    if (options[name] !== undefined && options[name] !== false)
      throw new UsageError(
        `--from ${from} prints and trains nothing, so --${name} has no meaning; leave out one of them`,
      );
  }
}

async function train(name: string, plan: Plan, options: TableOptions, io: Io): Promise<number> {
  const { scale, out = 'out', checkpoint = CHECKPOINT_SECONDS } = options;
  const backend = options.backend === undefined ? undefined : await useBackend(options.backend);
  const folder = join(out, plan.folder);
  const settings = planned(plan, { scale, backend });
  for (const line of scaleText(plan, settings)) io.stdout.write(`${line}\n\n`);
  const { exitCode } = await trainAndReport({ title: name, settings }, { ...options, out: folder, checkpoint }, io);
  if (name === 'seed') {
    const results = foundingResults(await readResults(folder), { scale, backend });
    if (isWhole({ scale, backend })) {
      await writeAtomically(join(out, SEED_TABLE), `${JSON.stringify(results, null, 2)}\n`);
    }
    io.stdout.write(`\n${seedText(results)}`);
  }
  return exitCode;
}

/** What was asked for besides the table's name. */
function asAsked({ scale, backend }: PlanOptions): string {
  const told = [
    ...(scale === 1 ? [] : [`at --scale ${scale}`]),
    ...(backend === undefined ? [] : [`on --backend ${backend}`]),
  ];
  return told.length === 0 ? '' : ` ${told.join(' ')}`;
}

/** What is less than in the table itself; nothing where nothing is. */
function scaleText(plan: Plan, settings: readonly RunSettings[]): [] | [string] {
  const [first, whole] = [settings[0]!, plan.settings[0]!];
  const share = sum(settings, stepsOf) / sum(plan.settings, stepsOf);
  if (share === 1) return [];
  return [
    `Scaled to ${share.toPrecision(2)} of the steps: ${first.epochsAsked} of ${whole.epochsAsked} epochs, ${first.trainImages} of ${whole.trainImages} images in the first run. These are not the table's own settings.`,
  ];
}

/** Those of a plan's runs that a folder has. */
async function from(within: string, plan: Plan, options: PlanOptions): Promise<string> {
  const folder = join(within, plan.folder);
  const kept = new Collection(await readResults(folder));
  const settings = planned(plan, options);
  const runs = settings.flatMap((run) => kept.find(described(run)) ?? []);
  if (runs.length === 0) {
    throw new UsageError(
      `--from ${within} holds none of the table's runs${asAsked(options)} in ${folder}; train them without --from`,
    );
  }
  const scale = scaleText(plan, settings);
  return `${[...scale, renderMeans(runs), renderTotals(runs, settings.length)].join('\n\n')}\n`;
}

/** Whether it is the table itself that is asked for, and not less of it, or another engine's. */
const isWhole = ({ scale, backend }: PlanOptions): boolean => scale === 1 && backend === undefined;

/** The founding table from its runs, or from its own file where these are not there. */
async function seedFrom(within: string, plan: Plan, options: PlanOptions): Promise<string> {
  const folder = join(within, plan.folder);
  const results = foundingResults(await readResults(folder), options);
  if (results.runs.length > 0) return seedText(results);
  const path = join(within, SEED_TABLE);
  if (existsSync(path) && isWhole(options)) return seedText(await resultsIn(path));
  throw new UsageError(
    `--from ${within} holds no ${SEED_TABLE}, and none of its runs${asAsked(options)} in ${folder}; train them with "table seed"`,
  );
}

/** What the columns of the founding table are of. */
const LEGEND =
  'Accuracy on all test images after the last epoch; “last 12” is the mean after each of the last twelve, on the first 2,000. McNemar’s exact test is of the two networks of a row as they are at the end, on all test images: of these, not of all that the methods might have trained.';

function seedText(results: FoundingResults): string {
  const { runs } = results;
  const parts = [renderShared(runs), plainTable(foundingComparison(results)), LEGEND, renderTotals(runs)];
  return `${parts.join('\n\n').trimStart()}\n`;
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
