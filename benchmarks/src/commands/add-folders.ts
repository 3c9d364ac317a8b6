import type { Collection } from '../collection.ts';
import { UsageError } from '../errors.ts';
import { readResults } from '../results-folder.ts';
import type { Io } from './io.ts';

/**
 * Adds the runs of folders, and tells of those that ended otherwise than one with the same settings, which stays.
 *
 * @throws UsageError for one that holds none
 */
export async function addFolders(collection: Collection, folders: readonly string[], { stderr }: Io): Promise<void> {
  for (const folder of folders) {
    const results = await readResults(folder);
    if (results.runs.length === 0) throw new UsageError(`${folder} holds no runs; give a folder with a summary.json`);
    for (const run of results.runs) {
      const known = collection.find(run);
      if (known === undefined || known.stopped || run.stopped || known.weightsDigest === run.weightsDigest) continue;
      stderr.write(
        `${run.optimizer}, seed ${run.seed}: the run in ${folder}, of commit ${run.commit}, ended with other weights than the same of commit ${known.commit}, which stays.\n`,
      );
    }
    collection.addAll(results);
  }
}
