import type { Command } from 'commander';
import { bringCheckpoints } from '../checkpoint/bring-checkpoints.ts';
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
      'put the results and checkpoints of several folders into one, beside what it holds; of two runs with the same settings a finished one stays, or the one that went on longer',
    )
    .argument('<folders...>', 'folders with a summary.json')
    .requiredOption('--out <folder>', 'where the results go')
    .action(async (folders: string[], { out }: { out: string }) => {
      const collection = new Collection(await readResults(out));
      await addFolders(collection, folders, io);
      await makeWritableFolder(out, 'give another --out');
      const results = collection.results();
      await writeResults(out, results);
      for (const folder of folders) await bringCheckpoints(folder, out, collection);
      io.stdout.write(`${results.runs.length} runs in ${out}\n`);
    });
}
