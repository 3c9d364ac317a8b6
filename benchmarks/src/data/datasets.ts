import { cifar10 } from './cifar-10.ts';
import type { Dataset } from './dataset.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { madeStripes } from './made-stripes.ts';

/** The data sets by the name that `--dataset` takes. */
export const datasets: ReadonlyMap<string, Dataset> = new Map(
  [fashionMnist, cifar10, madeStripes].map((dataset) => [dataset.name, dataset]),
);
