import type { Collection } from '../collection.ts';
import { UsageError } from '../errors.ts';
import { readResults } from '../results-folder.ts';

/**
 * Adds the runs of folders.
 *
 * @throws UsageError for one that holds none
 */
export async function addFolders(collection: Collection, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const results = await readResults(folder);
    if (results.runs.length === 0) throw new UsageError(`${folder} holds no runs; give a folder with a summary.json`);
    collection.addAll(results);
  }
}
