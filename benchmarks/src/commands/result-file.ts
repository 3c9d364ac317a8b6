import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { UsageError } from '../errors.ts';
import { provenance } from '../provenance.ts';
import type { Io } from './io.ts';

/**
 * The file that `--json` names: npm runs scripts in the package's folder, INIT_CWD is where the user stands.
 *
 * @throws UsageError for a folder
 */
export function resultFile(json: string): string {
  const file = resolve(process.env['INIT_CWD'] ?? '', json);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--json ${json} is a folder; name a file`);
  }
  return file;
}

/** Writes results with what they were made by: commit, machine, Node. */
export async function writeResults(file: string, results: object, { stdout }: Io): Promise<void> {
  await writeAtomically(file, `${JSON.stringify({ ...(await provenance()), ...results }, null, 2)}\n`);
  stdout.write(`\nResults: ${file}\n`);
}
