import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { messageOf, UsageError } from '../errors.ts';
import type { RunSummary } from '../results.ts';
import type { Measured, MeasureName, MeasureOptions } from './measures.ts';

/** What was measured with which options. */
export interface Taken<R> {
  readonly given: Partial<MeasureOptions>;
  readonly value: R;
}

/** The measures of a run. */
export interface RunMeasures {
  readonly run: RunSummary;
  readonly measured: { readonly [Name in MeasureName]?: Taken<Measured[Name]> };
}

/** `landscape.json` */
export interface LandscapeResults {
  readonly runs: readonly RunMeasures[];
}

const FILE = 'landscape.json';

/**
 * What a folder holds; no runs where there is nothing.
 *
 * @throws UsageError for a file that cannot be read
 */
export async function readLandscapes(folder: string): Promise<LandscapeResults> {
  const path = join(folder, FILE);
  if (!existsSync(path)) return { runs: [] };
  try {
    const results: LandscapeResults = JSON.parse(await readFile(path, 'utf8'));
    for (const { run, measured } of results.runs)
      if (!run.weightsDigest || !measured) throw new Error('a run lacks its measures');
    return results;
  } catch (error) {
    throw new UsageError(`${path} cannot be read as measures (${messageOf(error)}); give another --out, or mend it`);
  }
}

/** Writes `landscape.json`. */
export async function writeLandscapes(folder: string, results: LandscapeResults): Promise<void> {
  await writeAtomically(join(folder, FILE), `${JSON.stringify(results)}\n`);
}

/** What is known of a measure of a run already: of the same weights, with the same options. */
export function known<Name extends MeasureName>(
  { runs }: LandscapeResults,
  { weightsDigest }: RunSummary,
  name: Name,
  given: Partial<MeasureOptions>,
): Taken<Measured[Name]> | undefined {
  const taken = runs.find(({ run }) => run.weightsDigest === weightsDigest)?.measured[name];
  return taken !== undefined && isDeepStrictEqual(taken.given, given) ? taken : undefined;
}
