import { backends } from '../backends.ts';
import { checkRun } from '../check-run.ts';
import { augmentations } from '../data/augment/augmentations.ts';
import { datasets } from '../data/datasets.ts';
import { UsageError } from '../errors.ts';
import { models } from '../models/model.ts';
import { optimizers } from '../optimizers.ts';
import type { RunSettings } from '../settings.ts';

/**
 * Refuses a run from a queue that this worker's code cannot train: whoever queued it may have changed files since the
 * commit that both name.
 *
 * @throws UsageError
 */
export function checkKnown(settings: RunSettings): void {
  const { dataset, model, optimizer, backend, augment } = settings;
  known('data set', dataset, datasets);
  known('network', model, models);
  known('optimizer', optimizer, optimizers);
  known('engine', backend, backends);
  for (const name of augment?.split(',') ?? []) known('augmentation', name, augmentations);
  checkRun(settings);
}

function known(what: string, name: string, table: ReadonlyMap<string, unknown>): void {
  if (table.has(name)) return;
  throw new UsageError(
    `the worker knows no ${what} ${JSON.stringify(name)}; give it the code that the run was queued with, or leave that out`,
  );
}
