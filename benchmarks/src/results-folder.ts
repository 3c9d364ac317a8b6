import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { checkpointFolder } from './checkpoint/checkpoint-folder.ts';
import { messageOf, UsageError } from './errors.ts';
import type { MetricsLine, RunSummary, Summary } from './results.ts';

const SUMMARY = 'summary.json';
const METRICS = 'metrics.jsonl';

/** Where results go, and whether older ones there may be replaced or added to. */
export interface ResultsFolderOptions {
  /** As given with `--out`. */
  readonly out: string | undefined;
  readonly force: boolean;
  /** Whether runs are kept, and what the folder holds is gone on with. */
  readonly checkpoint: boolean;
  /** Whether there must be something to go on with. */
  readonly resume: boolean;
  /** Whether workers train: the runs are kept then, too. */
  readonly queue?: boolean;
  /** What a folder is named after when `out` is not given. */
  readonly title: string;
}

/**
 * The folder for results, as the user would write it; nothing is made yet.
 *
 * @throws UsageError when it holds results already, is no folder, or is not given where it must be found again
 */
export function chooseResultsFolder(options: ResultsFolderOptions): string {
  const { out, force, resume, queue = false, title } = options;
  const checkpoint = options.checkpoint || queue;
  const option = resume ? '--resume' : options.checkpoint ? '--checkpoint' : '--queue';
  if (checkpoint && out === undefined) {
    throw new UsageError(`${option} needs --out <folder>, where the same command finds it again`);
  }
  if (checkpoint && force) {
    throw new UsageError(`--force replaces the results of --out and ${option} adds to them; give one of the two`);
  }
  const folder = out ?? unusedFolder(title);
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new UsageError(`--out ${folder} is a file; give a folder`);
  }
  const hasResults = existsSync(join(folder, SUMMARY));
  if (hasResults && !force && !checkpoint) {
    throw new UsageError(
      `--out ${folder} already holds a ${SUMMARY}; give another folder, --checkpoint to add to it, or --force to replace it`,
    );
  }
  if (force && existsSync(checkpointFolder(folder))) {
    throw new UsageError(
      `--force: the weights in ${checkpointFolder(folder)} would not be those of the new results; give another --out, or delete that folder`,
    );
  }
  if (resume && !hasResults && !existsSync(checkpointFolder(folder))) {
    throw new UsageError(`--resume: --out ${folder} holds no runs to go on with; begin them with --checkpoint`);
  }
  return folder;
}

/** `out/TITLE-2025-01-31-170501`, with `-2`, `-3` … behind it while that exists. */
function unusedFolder(title: string): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  const name = join('out', `${title}-${local.slice(0, 19).replace('T', '-').replaceAll(':', '')}`);
  let free = name;
  for (let count = 2; existsSync(free); count++) free = `${name}-${count}`;
  return free;
}

/** Runs with the metrics of all of them. */
export interface Results extends Summary {
  readonly metrics: readonly MetricsLine[];
}

/** What a folder holds; no runs where it holds none.
 *
 * @throws UsageError naming the file that cannot be read
 */
export async function readResults(folder: string): Promise<Results> {
  const summary = join(folder, SUMMARY);
  if (!existsSync(summary)) return { runs: [], metrics: [] };
  const { runs } = await parsed(summary, (text) => {
    const value: unknown = JSON.parse(text);
    if (!isSummary(value)) throw new Error('it has no list of runs');
    return value;
  });
  const metrics = join(folder, METRICS);
  if (!existsSync(metrics)) return { runs, metrics: [] };
  const lines = (text: string): MetricsLine[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { runs, metrics: await parsed(metrics, lines) };
}

async function parsed<T>(path: string, parse: (text: string) => T): Promise<T> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} cannot be read as results (${messageOf(error)}); give another folder, or mend it`);
  }
}

function isSummary(value: unknown): value is { readonly runs: readonly RunSummary[] } {
  return typeof value === 'object' && value !== null && 'runs' in value && Array.isArray(value.runs);
}

/** Writes runs into a folder: `metrics.jsonl`, `summary.json` and `report.html`, each atomically. */
export async function writeResults(folder: string, { runs, metrics }: Results): Promise<void> {
  await writeAtomically(join(folder, METRICS), metrics.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await writeAtomically(join(folder, SUMMARY), `${JSON.stringify({ runs }, null, 2)}\n`);
  const { renderReport } = await import('./report.ts'); // it brings a plotting library along
  await writeAtomically(join(folder, 'report.html'), await renderReport({ runs }, metrics));
}
