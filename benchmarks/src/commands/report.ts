import { existsSync, statSync } from 'node:fs';
import { writeAtomically } from '@flatmin/checkpoint/node';
import type { Command } from 'commander';
import { Collection } from '../collection.ts';
import { UsageError } from '../errors.ts';
import { addFolders } from './add-folders.ts';
import type { Io } from './io.ts';

/** Adds `report`, which turns any number of runs into one page. */
export function addReport(program: Command, io: Io): void {
  program
    .command('report')
    .description('turn the runs of one or more folders into one page that opens in any browser')
    .argument('<folders...>', 'folders with a summary.json')
    .option('--out <file>', 'the page', 'report.html')
    .action(async (folders: string[], { out }: { out: string }) => {
      if (existsSync(out) && statSync(out).isDirectory()) {
        throw new UsageError(`--out ${out} is a folder; give the name of a file in it`);
      }
      const collection = new Collection();
      await addFolders(collection, folders, io);
      const { runs, metrics } = collection.results();
      const { renderReport } = await import('../report.ts'); // it brings a plotting library along
      await writeAtomically(out, await renderReport({ runs }, metrics));
      io.stdout.write(`${runs.length} runs in ${out}\n`);
    });
}
