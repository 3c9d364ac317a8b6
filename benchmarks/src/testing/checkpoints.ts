import { join } from 'node:path';
import { RunCheckpoint } from '../checkpoint/run-checkpoint.ts';
import { dataDigest, type RunIdentity, runIdentity } from '../checkpoint/run-identity.ts';
import type { RunContext } from '../run-one.ts';
import type { RunSettings } from '../settings.ts';
import { tinyContext } from './settings.ts';

/** Opens the checkpoint of a run in a folder; without `seconds` it is due only when the run is stopped or over. */
export async function checkpointIn(
  folder: string,
  settings: RunSettings,
  { seconds = Number.POSITIVE_INFINITY, ...changes }: Partial<RunIdentity> & { readonly seconds?: number } = {},
): Promise<RunCheckpoint> {
  const { selection, provenance } = await tinyContext(settings);
  const identity = { ...runIdentity(settings, dataDigest(selection), provenance), ...changes };
  return RunCheckpoint.open(join(folder, 'run.safetensors'), identity, seconds);
}

/** {@link tinyContext} with that checkpoint. */
export async function checkpointedContext(
  folder: string,
  settings: RunSettings,
  changes: Partial<RunContext> = {},
): Promise<RunContext> {
  return tinyContext(settings, { checkpoint: await checkpointIn(folder, settings), ...changes });
}
