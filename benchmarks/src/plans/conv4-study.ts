import type { RunSettings } from '../settings.ts';
import { LEARNING_RATE, studied } from './conv4-search.ts';
import type { Plan } from './plan.ts';

/** The ρ of the highest held-out accuracy of each variant in `rhoSearch`; of two the one of the lower loss. */
export const TUNED_RHO: Readonly<Record<string, number>> = {
  sam: 0.02,
  asam: 0.05,
  gsam: 0.05,
  looksam: 0.02,
  msam: 0.1,
  'friendly-sam': 0.02,
  random: 0.02,
};

const EPOCHS = 15;

const shared = {
  ...studied,
  trainImages: studied.subset,
  validation: 0,
  learningRate: LEARNING_RATE,
  epochsAsked: EPOCHS,
} as const;

/** A run of the study; a variant has the ρ that was found for it. */
function run(optimizer: string, seed: number, changes: Partial<RunSettings> = {}): RunSettings {
  return { ...shared, optimizer, rho: TUNED_RHO[optimizer], seed, ...changes };
}

const seeds = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Plain SGD for as many gradients as SAM takes. */
const twice = (seed: number): RunSettings => run('sgd', seed, { epochsAsked: 2 * EPOCHS });

/** The variants by seed: whatever has been trained when it is looked at is a fair comparison. */
export const conv4Study: Plan = {
  unit: EPOCHS,
  description: 'study of variants, step 3: on 20,000 images for 15 epochs, judged on the test set, with several seeds',
  folder: 'fashion-mnist-conv4',
  settings: seeds(5).flatMap((seed) => [
    ...['sgd', 'sam', 'asam', 'gsam'].map((optimizer) => run(optimizer, seed)),
    twice(seed),
    ...(seed > 3 ? [] : ['looksam', 'msam', 'friendly-sam', 'random'].map((optimizer) => run(optimizer, seed))),
  ]),
};

/** SGD and SAM with two fifths of the training labels shuffled: SAM also with a longer ρ than was best without. */
export const labelNoise: Plan = {
  description: 'SGD against SAM with 40 % of the training labels shuffled, 3 seeds',
  folder: 'label-noise',
  settings: seeds(3).flatMap((seed) =>
    [run('sgd', seed), run('sam', seed), run('sam', seed, { rho: 0.1 })].map((one) => ({ ...one, labelNoise: 0.4 })),
  ),
};

/** SAM as it is, and with the term of its gradient that it drops. */
export const secondOrder: Plan = {
  description: 'the ablation of the second-order term: SAM with it and without, 3 seeds',
  folder: 'fashion-mnist-conv4',
  settings: seeds(3).flatMap((seed) => [run('sam', seed), run('sam-second-order', seed, { rho: TUNED_RHO['sam'] })]),
};
