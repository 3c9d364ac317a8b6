import { learningRateSearch, rhoSearch } from './conv4-search.ts';
import { conv4Study, labelNoise, secondOrder } from './conv4-study.ts';
import { foundingTable } from './founding-table.ts';
import type { Plan } from './plan.ts';

/** The tables by the name that `flatmin-bench table` takes. */
export const plans: ReadonlyMap<string, Plan> = new Map([
  ['seed', foundingTable],
  ['conv4-learning-rate', learningRateSearch],
  ['conv4-rho', rhoSearch],
  ['conv4', conv4Study],
  ['label-noise', labelNoise],
  ['second-order', secondOrder],
]);
