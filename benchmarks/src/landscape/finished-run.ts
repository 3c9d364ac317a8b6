import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { readRun } from '../checkpoint/run-checkpoint.ts';
import { settingsOfIdentity } from '../checkpoint/run-identity.ts';
import { UsageError } from '../errors.ts';
import type { SavedWeights } from '../models/saved-weights.ts';
import type { RunSummary } from '../results.ts';
import { type RunSettings, runKey } from '../settings.ts';

/** A run that was trained to its end, with the weights that it found. */
export interface FinishedRun {
  readonly settings: RunSettings;
  readonly summary: RunSummary;
  readonly weights: SavedWeights;
}

/**
 * The finished runs of files and folders: of a folder for results all that it has the weights of.
 *
 * @throws UsageError for a file that keeps no finished run, and a folder without one
 */
export async function finishedRuns(paths: readonly string[]): Promise<FinishedRun[]> {
  const runs: FinishedRun[] = [];
  for (const path of paths) runs.push(...(isFolder(path) ? await inFolder(path) : [await inFile(path)]));
  // A folder may be given with a file of its own; of a run trained twice the last counts.
  return [...new Map(runs.map((run) => [runKey(run.summary), run])).values()];
}

function isFolder(path: string): boolean {
  if (!existsSync(path))
    throw new UsageError(`${path} does not exist; give a folder for results, or a file in its checkpoints`);
  return statSync(path).isDirectory();
}

async function inFolder(folder: string): Promise<FinishedRun[]> {
  const within = checkpointFolder(folder);
  const files = existsSync(within) ? (await readdir(within)).filter((name) => name.endsWith('.safetensors')) : [];
  const runs: FinishedRun[] = [];
  for (const file of files.toSorted(plainFirst)) {
    const run = finished(await readRun(join(within, file)));
    if (run !== undefined) runs.push(run);
  }
  if (runs.length === 0) {
    throw new UsageError(`${folder} has no weights of a finished run; train with --checkpoint, which keeps them`);
  }
  return runs;
}

/** By name, plain gradient descent before what is compared with it. */
function plainFirst(one: string, other: string): number {
  return Number(other.startsWith('sgd-')) - Number(one.startsWith('sgd-')) || (one < other ? -1 : 1);
}

async function inFile(path: string): Promise<FinishedRun> {
  const run = finished(await readRun(path));
  if (run === undefined) throw new UsageError(`${path} keeps a run that is not finished; go on with it first`);
  return run;
}

function finished({ identity, summary, weights }: Awaited<ReturnType<typeof readRun>>): FinishedRun | undefined {
  if (summary === undefined || summary.stopped) return undefined;
  return { settings: settingsOfIdentity(identity), summary, weights };
}
