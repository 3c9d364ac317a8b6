import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { messageOf, UsageError } from '../errors.ts';
import type { RunSummary } from '../results.ts';
import type { Measured, MeasureName, MeasureOptions } from './measures.ts';

/** How something was measured: the options that it depends on, and the measure's own settings. */
export type Given = Partial<MeasureOptions> & Readonly<Record<string, number>>;

/** What was measured, and how. */
export interface Taken<R> {
  readonly given: Given;
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
    for (const { run, measured } of results.runs) {
      if (!run.weightsDigest || !measured) throw new Error('a run lacks its measures');
    }
    return { runs: results.runs.map(({ run, measured }) => ({ run, measured: withNaN(measured) })) };
  } catch (error) {
    throw new UsageError(`${path} cannot be read as measures (${messageOf(error)}); give another --out, or mend it`);
  }
}

/** JSON has null for numbers that are not finite; in a measure nothing else is null. */
function withNaN<T>(value: T): T {
  if (value === null) return Number.NaN as T;
  if (Array.isArray(value)) return value.map(withNaN) as T;
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, one]) => [key, withNaN(one)])) as T;
}

/** Writes `landscape.json`. */
export async function writeLandscapes(folder: string, results: LandscapeResults): Promise<void> {
  await writeAtomically(join(folder, FILE), `${JSON.stringify(results)}\n`);
}

/** What was measured of a run before: of the same weights. */
export function measuredBefore({ runs }: LandscapeResults, { weightsDigest }: RunSummary): RunMeasures['measured'] {
  return runs.find(({ run }) => run.weightsDigest === weightsDigest)?.measured ?? {};
}
