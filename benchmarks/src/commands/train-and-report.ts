import { useBackend } from '../backends.ts';
import { datasets } from '../data/datasets.ts';
import { select } from '../data/select.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { createProgress } from '../progress.ts';
import type { RunSummary } from '../results.ts';
import { chooseResultsFolder } from '../results-folder.ts';
import { runAll } from '../run-all.ts';
import { renderTable } from '../table.ts';
import { makeWritableFolder } from '../writable-folder.ts';
import { fetchContext } from './fetch-context.ts';
import type { Io } from './io.ts';
import { type Matrix, settingsOf, type TrainingOptions } from './training-options.ts';

/** The exit code of a command that the user stopped. */
export const STOPPED = 130;

/** What a command ends with. */
export interface Trained {
  readonly exitCode: number;
  readonly runs: readonly RunSummary[];
}

/** Trains every run of a matrix, writes the results, and prints them as a table. */
export async function trainAndReport(
  command: string,
  options: TrainingOptions,
  matrix: Matrix,
  { stdout, stderr }: Io,
): Promise<Trained> {
  const checked = settingsOf(options, matrix);
  // Before data are fetched: the machine may lack the engine.
  const backend = await useBackend(options.backend);
  const settings = checked.map((one) => ({ ...one, backend }));
  const title = `${command}-${options.dataset}-${options.model}`;
  const { out, force = false, checkpoint } = options;
  const folder = chooseResultsFolder({ out, force, checkpoint: checkpoint !== undefined, title });
  const progress = createProgress(stderr);
  const { signal, release } = listenForInterrupt(() => {
    progress.say('Stopping after the step in progress; Ctrl-C again ends at once.');
  });
  try {
    const splits = await datasets.get(options.dataset)!.load(fetchContext(stderr, signal));
    const selection = select(splits, settings[0]!.trainImages, options.validation);
    await makeWritableFolder(folder, 'give another --out');
    const runs = await runAll(settings, { selection, folder, checkpointSeconds: checkpoint, progress, signal });
    stdout.write(`${renderTable(runs)}\n\n${closing(runs, settings.length, folder, checkpoint !== undefined)}\n`);
    return { exitCode: wasStopped(runs, settings.length) ? STOPPED : 0, runs };
  } finally {
    release();
  }
}

function wasStopped(runs: readonly RunSummary[], asked: number): boolean {
  return runs.length < asked || runs.some((run) => run.stopped && !run.diverged);
}

function closing(runs: readonly RunSummary[], asked: number, folder: string, goesOn: boolean): string {
  const files = `${folder} (summary.json, metrics.jsonl, report.html)`;
  if (!wasStopped(runs, asked)) return `Results: ${files}`;
  const { epochs, epochsAsked } = runs.at(-1)!;
  const stopped = `Stopped in run ${runs.length} of ${asked}, after ${epochs} of ${epochsAsked} epochs; kept in ${files}`;
  return goesOn ? `${stopped}; the same command again goes on from there` : stopped;
}
