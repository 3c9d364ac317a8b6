import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Selection } from '../data/select.ts';
import { UsageError } from '../errors.ts';
import type { Provenance } from '../provenance.ts';
import type { RunSettings } from '../settings.ts';
import { RunCheckpoint } from './run-checkpoint.ts';
import { dataDigest, runIdentity } from './run-identity.ts';

/** What checkpoints need besides the settings of their runs. */
export interface CheckpointContext {
  /** Where the results are written. */
  readonly folder: string;
  /** How long after one checkpoint of a run the next is due. */
  readonly seconds: number;
  readonly selection: Selection;
  readonly provenance: Provenance;
}

const SUFFIX = '.safetensors';

/** The folder for checkpoints within one for results. */
export function checkpointFolder(folder: string): string {
  return join(folder, 'checkpoints');
}

/**
 * Opens the checkpoint of each run, before any of them goes on.
 *
 * @throws UsageError for a file that the run cannot go on from, and where runs are kept that are none of these: their
 * results would be replaced
 */
export async function openCheckpoints(
  settings: readonly RunSettings[],
  { folder, seconds, selection, provenance }: CheckpointContext,
): Promise<RunCheckpoint[]> {
  const files = settings.map(fileOf);
  refuseOthers(folder, files);
  const data = dataDigest(selection);
  return Promise.all(
    settings.map((one, position) => {
      const path = join(checkpointFolder(folder), files[position]!);
      return RunCheckpoint.open(path, runIdentity(one, data, provenance), seconds);
    }),
  );
}

/** Named by what the runs of one command differ in. */
function fileOf({ optimizer, learningRate, seed }: RunSettings): string {
  return `${optimizer}-lr${learningRate}-seed${seed}${SUFFIX}`;
}

function refuseOthers(folder: string, files: readonly string[]): void {
  const within = checkpointFolder(folder);
  if (!existsSync(within)) return;
  const other = readdirSync(within).find((name) => name.endsWith(SUFFIX) && !files.includes(name));
  if (other === undefined) return;
  throw new UsageError(
    `--out ${folder} keeps a run that was not asked for, ${other.slice(0, -SUFFIX.length)}; ask for it, too, or give another --out`,
  );
}
