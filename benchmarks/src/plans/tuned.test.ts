import { join } from 'node:path';
import { groups } from 'd3-array';
import { expect, test } from 'vitest';
import { Collection } from '../collection.ts';
import type { RunSummary } from '../results.ts';
import { readResults } from '../results-folder.ts';
import { described } from '../settings.ts';
import { LEARNING_RATE, learningRateSearch, rhoSearch } from './conv4-search.ts';
import { TUNED_RHO } from './conv4-study.ts';
import type { Plan } from './plan.ts';

/** The committed runs of a search: all of them. */
async function committed({ folder, settings }: Plan): Promise<RunSummary[]> {
  const kept = new Collection(await readResults(join(import.meta.dirname, '../../results', folder)));
  return settings.map((run) => kept.find(described(run))!);
}

/** The run of the highest held-out accuracy; of two the one of the lower loss. */
function best(runs: readonly RunSummary[]): RunSummary {
  return runs.toSorted((one, other) => other.testAccuracy! - one.testAccuracy! || one.testLoss! - other.testLoss!)[0]!;
}

test('the study has the learning rate that its search found', async () => {
  const runs = await committed(learningRateSearch);
  expect(runs.every(({ evaluatedOn }) => evaluatedOn === 'validation')).toBe(true);
  expect(best(runs).learningRate).toBe(LEARNING_RATE);
});

test('the study has the ρ that its search found for each variant', async () => {
  const runs = await committed(rhoSearch);
  expect(runs.every(({ evaluatedOn }) => evaluatedOn === 'validation')).toBe(true);
  const found = groups(runs, ({ optimizer }) => optimizer).map(([name, members]) => [name, best(members).rho]);
  expect(Object.fromEntries(found)).toEqual(TUNED_RHO);
});
