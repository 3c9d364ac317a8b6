import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { checkpointFolder } from './checkpoint/checkpoint-folder.ts';
import { UsageError } from './errors.ts';
import type { MetricsLine, RunSummary } from './results.ts';

const SUMMARY = 'summary.json';

/** Where results go, and whether older ones there may be replaced. */
export interface ResultsFolderOptions {
  /** As given with `--out`. */
  readonly out: string | undefined;
  readonly force: boolean;
  /** Whether the runs go on from checkpoints in the folder, where there are some: their results stand there, too. */
  readonly checkpoint: boolean;
  /** What a folder is named after when `out` is not given. */
  readonly title: string;
}

/**
 * The folder for results, as the user would write it; nothing is made yet.
 *
 * @throws UsageError when it holds results already, is no folder, or is not given where it must be found again
 */
export function chooseResultsFolder({ out, force, checkpoint, title }: ResultsFolderOptions): string {
  if (checkpoint && out === undefined) {
    throw new UsageError('--checkpoint needs --out <folder>, where the same command finds it again');
  }
  const folder = out ?? unusedFolder(title);
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new UsageError(`--out ${folder} is a file; give a folder`);
  }
  const goesOn = checkpoint && existsSync(checkpointFolder(folder));
  if (existsSync(join(folder, SUMMARY)) && !force && !goesOn) {
    throw new UsageError(`--out ${folder} already holds a ${SUMMARY}; give another folder, or --force to replace it`);
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

/** Writes the runs so far into a folder: `metrics.jsonl`, `summary.json` and `report.html`, each atomically. */
export async function writeResults(
  folder: string,
  runs: readonly RunSummary[],
  metrics: readonly MetricsLine[],
): Promise<void> {
  await writeAtomically(join(folder, 'metrics.jsonl'), metrics.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await writeAtomically(join(folder, SUMMARY), `${JSON.stringify({ runs }, null, 2)}\n`);
  const { renderReport } = await import('./report.ts'); // it brings a plotting library along
  await writeAtomically(join(folder, 'report.html'), await renderReport({ runs }, metrics));
}
