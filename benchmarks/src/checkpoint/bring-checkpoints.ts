import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { type Collection, isOver } from '../collection.ts';
import type { RunSummary } from '../results.ts';
import { described } from '../settings.ts';
import { checkpointFolder } from './checkpoint-folder.ts';
import { readRun } from './run-checkpoint.ts';
import { settingsOfIdentity } from './run-identity.ts';

/**
 * Copies the checkpoints of one folder for results into another: those that belong to the result that stays, and of runs
 * that are not over those that went on longer than what is there.
 *
 * @param kept the results of the folder that they are copied to
 */
export async function bringCheckpoints(folder: string, out: string, kept: Collection): Promise<void> {
  const [from, to] = [checkpointFolder(folder), checkpointFolder(out)];
  if (!existsSync(from)) return;
  for (const name of await readdir(from)) {
    if (!name.endsWith('.safetensors')) continue;
    const [source, target] = [join(from, name), join(to, name)];
    const brought = await keptIn(source);
    const result = kept.find(brought.settings);
    if (!belongs(brought, result)) continue;
    const there = existsSync(target) ? await keptIn(target) : undefined;
    const stays = there !== undefined && belongs(there, result) && there.step >= brought.step;
    if (!stays) await writeAtomically(target, await readFile(source));
  }
}

/** What decides between two checkpoints of a run. */
interface KeptRun {
  readonly settings: ReturnType<typeof described>;
  readonly step: number;
  /** Once it is over. */
  readonly summary: RunSummary | undefined;
}

async function keptIn(path: string): Promise<KeptRun> {
  const { identity, course, summary } = await readRun(path);
  return { settings: described(settingsOfIdentity(identity)), step: course.position.step, summary };
}

/** Whether a checkpoint is of the run that a result tells of: weights of another would be measured in its name. */
function belongs({ summary }: KeptRun, result: RunSummary | undefined): boolean {
  if (result === undefined || !isOver(result)) return true;
  return summary?.weightsDigest === result.weightsDigest;
}
