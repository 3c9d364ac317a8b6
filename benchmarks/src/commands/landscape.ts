import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { describePacBayes } from '@flatmin/landscape';
import type { Command } from 'commander';
import { backends, useBackend } from '../backends.ts';
import type { Selection } from '../data/select.ts';
import { loadSelections, type SelectionOf } from '../data/selections.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { comparable } from '../landscape/comparable.ts';
import { landscapeFigures } from '../landscape/figures.ts';
import { finishedRuns } from '../landscape/finished-run.ts';
import { measureRun } from '../landscape/measure-run.ts';
import { type MeasureName, type MeasureOptions, measures } from '../landscape/measures.ts';
import { landscapePage } from '../landscape/page.ts';
import { type LandscapeResults, type RunMeasures, readLandscapes, writeLandscapes } from '../landscape/results.ts';
import { landscapeMeans, landscapeTable } from '../landscape/table.ts';
import { tasksOf } from '../report/baseline.ts';
import { seriesLabels } from '../report/columns.ts';
import { plainTable } from '../report/plain-table.ts';
import { MEANS_LEGEND } from '../report/seeds.ts';
import { type RunSettings, runKey } from '../settings.ts';
import { definitions } from '../text-layout.ts';
import { makeWritableFolder } from '../writable-folder.ts';
import { fetchContext } from './fetch-context.ts';
import type { Io } from './io.ts';
import { nameOption, namesOption, numberOption } from './options.ts';

interface LandscapeOptions extends MeasureOptions {
  readonly measures: MeasureName[];
  readonly backend?: string;
  readonly out: string;
}

const DESCRIPTIONS: ReadonlyMap<string, { readonly description: string }> = new Map(Object.entries(measures));

/** Adds `landscape`, which measures how flat the minima of finished runs are. */
export function addLandscape(program: Command, io: Io): void {
  program
    .command('landscape')
    .description('measure how flat the minima are that finished runs found, and draw them')
    .argument('<runs...>', 'folders for results with weights in their checkpoints, or such files')
    .option(
      '--out <folder>',
      'where measures and figures go; what it has is not measured again',
      join('out', 'landscape'),
    )
    .addOption(namesOption('--measures <names>', 'measures, between commas', DESCRIPTIONS, [...DESCRIPTIONS.keys()]))
    .addOption(numberOption('--rho <value>', 'length of the perturbation', { above: 0 }, 0.05))
    .addOption(numberOption('--adaptive-rho <value>', "length of that in ASAM's metric", { above: 0 }, 0.5))
    .addOption(numberOption('--points <count>', 'along each axis of the surface', { whole: true, least: 3 }, 25))
    .addOption(
      numberOption('--reach <lengths>', 'how far the surface goes, in lengths of the filters', { above: 0 }, 1),
    )
    .addOption(numberOption('--images <count>', 'training images to measure on', { whole: true, least: 2 }, 2_000))
    .addOption(nameOption('--backend <name>', "engine (default: each run's own)", backends))
    .addHelpText(
      'after',
      `\nMeasures:\n${definitions(
        [...DESCRIPTIONS].map(([name, { description }]) => [name, description] as const),
        80,
      )}`,
    )
    .action(async (paths: string[], options: LandscapeOptions) => {
      const { signal, release } = listenForInterrupt(() => io.stderr.write('Stopping; what was measured is kept.\n'));
      try {
        await measureAll(paths, options, io, signal);
      } finally {
        release();
      }
    });
}

async function measureAll(paths: string[], options: LandscapeOptions, io: Io, signal: AbortSignal): Promise<void> {
  const { out, measures: names, backend } = options;
  const found = tasksOf(await finishedRuns(paths), ({ summary }) => summary).flatMap(({ members }) => members);
  const engine = backend === undefined ? undefined : await useBackend(backend);
  const runs = found.map((run) =>
    engine === undefined ? run : { ...run, settings: { ...run.settings, backend: engine } },
  );
  const before = await readLandscapes(out);
  let loading: Promise<SelectionOf> | undefined; // what was measured before is drawn without any data
  const imagesOf = async (settings: RunSettings): Promise<Selection> => {
    loading ??= loadSelections(
      runs.map((run) => run.settings),
      fetchContext(io.stderr, signal),
    );
    return (await loading)(settings);
  };
  await makeWritableFolder(out, 'give another --out');
  const labels = seriesLabels(runs.map(({ summary }) => summary));
  const done: RunMeasures[] = [];
  for (const [position, run] of runs.entries()) {
    const label = `${labels[position]}, seed ${run.settings.seed}`;
    const context = {
      imagesOf,
      names,
      options,
      before,
      begins: (name: MeasureName) => io.stderr.write(`${label}: ${measures[name].description}\n`),
      // Those measured before stay in the file until they are reached.
      reached: (so: RunMeasures) =>
        writeLandscapes(out, { runs: [...done, so, ...notYet(before.runs, [...done, so])] }),
      signal,
    };
    done.push(await measureRun(run, context));
  }
  const all = { runs: [...done, ...notYet(before.runs, done)] };
  await writeLandscapes(out, all);
  const { leftOut, ...results } = comparable(all);
  if (leftOut > 0) {
    io.stderr.write(
      `Not shown: ${leftOut} measures that ${out} has with other options than the first run's; give all runs to measure them alike.\n`,
    );
  }
  await writeFigures(out, results);
  const shown = { runs: results.runs.slice(0, done.length) };
  const means = landscapeMeans(shown);
  const tables = [plainTable(landscapeTable(shown)), ...(means === null ? [] : [plainTable(means), MEANS_LEGEND])];
  io.stdout.write(`${tables.join('\n\n')}\n`);
  for (const [position, { measured }] of shown.runs.entries()) {
    if (measured.pacBayes !== undefined) {
      io.stdout.write(`\n${labels[position]}: ${describePacBayes(measured.pacBayes.value)}\n`);
    }
  }
  io.stdout.write(`\nMeasures: ${out} (landscape.json, landscape.html, figures in .svg)\n`);
}

/** A page of all measures, and each figure in a file of its own. */
async function writeFigures(out: string, results: LandscapeResults): Promise<void> {
  for (const { name, draw } of landscapeFigures(results)) {
    await writeAtomically(join(out, `${name}.svg`), `${draw({ width: 760, scheme: 'light' })}\n`);
  }
  await writeAtomically(join(out, 'landscape.html'), landscapePage(results));
}

/** Of the runs measured before those that are not measured now. */
function notYet(before: readonly RunMeasures[], now: readonly RunMeasures[]): RunMeasures[] {
  const keys = new Set(now.map(({ run }) => runKey(run)));
  return before.filter(({ run }) => !keys.has(runKey(run)));
}
