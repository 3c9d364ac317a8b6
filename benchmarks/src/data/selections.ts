import type { RunSettings } from '../settings.ts';
import type { Splits } from './dataset.ts';
import { datasets } from './datasets.ts';
import { type Selection, select } from './select.ts';
import type { FetchContext } from './source.ts';

/** The images of a run. */
export type SelectionOf = (settings: RunSettings) => Selection;

/** Loads the data sets that runs need, each once. Runs on the same images are given the same selection. */
export async function loadSelections(settings: readonly RunSettings[], context: FetchContext): Promise<SelectionOf> {
  const splits = new Map<string, Splits>();
  for (const { dataset } of settings) {
    if (!splits.has(dataset)) splits.set(dataset, await datasets.get(dataset)!.load(context));
  }
  const known = new Map<string, Selection>();
  return (one) => {
    const { dataset, trainImages, validation, subset, labelNoise } = one;
    const key = JSON.stringify([dataset, trainImages, validation, subset, labelNoise]);
    const selection = known.get(key) ?? select(splits.get(dataset)!, one);
    known.set(key, selection);
    return selection;
  };
}
