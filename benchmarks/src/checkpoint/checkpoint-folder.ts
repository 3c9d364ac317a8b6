import { join } from 'node:path';
import type { SelectionOf } from '../data/selections.ts';
import type { Provenance } from '../provenance.ts';
import { described, type RunSettings, runName } from '../settings.ts';
import { RunCheckpoint } from './run-checkpoint.ts';
import { dataDigest, runIdentity } from './run-identity.ts';

/** What checkpoints need besides the settings of their runs. */
export interface CheckpointContext {
  /** Where the results are written. */
  readonly folder: string;
  /** How long after one checkpoint of a run the next is due. */
  readonly seconds: number;
  readonly selectionOf: SelectionOf;
  readonly provenance: Provenance;
}

/** The folder for checkpoints within one for results. */
export function checkpointFolder(folder: string): string {
  return join(folder, 'checkpoints');
}

/** The file that keeps a run, or its final weights, in a folder for results. */
export function checkpointPath(folder: string, settings: RunSettings): string {
  return join(checkpointFolder(folder), `${runName(described(settings))}.safetensors`);
}

/**
 * Opens the checkpoint of each run, before any of them goes on.
 *
 * @throws UsageError for a file that the run cannot go on from
 */
export async function openCheckpoints(
  settings: readonly RunSettings[],
  { folder, seconds, selectionOf, provenance }: CheckpointContext,
): Promise<Map<RunSettings, RunCheckpoint>> {
  const opened = new Map<RunSettings, RunCheckpoint>();
  for (const one of settings) {
    const identity = runIdentity(one, dataDigest(selectionOf(one)), provenance);
    opened.set(one, await RunCheckpoint.open(checkpointPath(folder, one), identity, seconds));
  }
  return opened;
}
