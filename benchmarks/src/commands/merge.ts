import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { checkpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { readRun } from '../checkpoint/run-checkpoint.ts';
import { Collection } from '../collection.ts';
import { readResults, writeResults } from '../results-folder.ts';
import { makeWritableFolder } from '../writable-folder.ts';
import { addFolders } from './add-folders.ts';
import type { Io } from './io.ts';

/** Adds `merge`, which puts results of several folders, or machines, into one. */
export function addMerge(program: Command, io: Io): void {
  program
    .command('merge')
    .description(
      'put the results and checkpoints of several folders into one, beside what it holds; of two runs with the same settings a finished one stays',
    )
    .argument('<folders...>', 'folders with a summary.json')
    .requiredOption('--out <folder>', 'where the results go')
    .action(async (folders: string[], { out }: { out: string }) => {
      const collection = new Collection(await readResults(out));
      await addFolders(collection, folders, io);
      await makeWritableFolder(out, 'give another --out');
      const results = collection.results();
      await writeResults(out, results);
      for (const folder of folders) await bringCheckpoints(folder, out);
      io.stdout.write(`${results.runs.length} runs in ${out}\n`);
    });
}

/** Copies the files of runs that the one folder does not have, or has as not finished where the other has them so. */
async function bringCheckpoints(folder: string, out: string): Promise<void> {
  const [from, to] = [checkpointFolder(folder), checkpointFolder(out)];
  if (!existsSync(from)) return;
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (!name.endsWith('.safetensors')) continue;
    const [source, target] = [join(from, name), join(to, name)];
    if (!existsSync(target) || (!(await isFinished(target)) && (await isFinished(source)))) {
      await copyFile(source, target);
    }
  }
}

async function isFinished(path: string): Promise<boolean> {
  return (await readRun(path)).summary?.stopped === false;
}
