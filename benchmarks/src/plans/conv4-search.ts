import type { RunSettings } from '../settings.ts';
import type { Plan } from './plan.ts';

/** What the search and the study share: one fixed subset of 20,000 training images, and a learning rate that falls. */
export const studied = {
  backend: 'tensorflow',
  dataset: 'fashion-mnist',
  model: 'conv4-16',
  batchSize: 64,
  momentum: 0.9,
  schedule: 'cosine',
  subset: 20_000,
} as const;

/** 16,000 images to train on and 4,000 of the same subset to judge by: never the test set. */
const search = { ...studied, trainImages: 16_000, validation: 4_000, epochsAsked: 5, seed: 1 } as const;

const LEARNING_RATES = [0.01, 0.02, 0.05, 0.1];

/** Plain SGD at each learning rate. */
export const learningRateSearch: Plan = {
  description: 'study of variants, step 1: the learning rate of plain SGD, on held-out training images',
  folder: 'fashion-mnist-conv4/learning-rate',
  settings: LEARNING_RATES.map(
    (learningRate): RunSettings => ({ ...search, optimizer: 'sgd', rho: undefined, learningRate }),
  ),
};

/** The learning rate of the highest held-out accuracy in {@link learningRateSearch}: of all optimizers. */
export const LEARNING_RATE = 0.05;

/**
 * The variants of the study, and the four ρ that are tried of each. At this learning rate a long perturbation keeps the
 * network from beginning to learn at all (SAM's of 0.2, ASAM's of 0.25), so ASAM's are below its usual 0.5.
 */
const RHOS: Readonly<Record<string, readonly number[]>> = {
  sam: [0.02, 0.05, 0.1, 0.2],
  asam: [0.02, 0.05, 0.1, 0.2],
  gsam: [0.02, 0.05, 0.1, 0.2],
  looksam: [0.02, 0.05, 0.1, 0.2],
  msam: [0.05, 0.1, 0.3, 1],
  'friendly-sam': [0.02, 0.05, 0.1, 0.2],
  random: [0.02, 0.05, 0.1, 0.2],
};

/** Each variant at each ρ, with the learning rate of plain SGD. */
export const rhoSearch: Plan = {
  description: 'study of variants, step 2: the ρ of each variant, on held-out training images',
  folder: 'fashion-mnist-conv4/rho',
  settings: Object.entries(RHOS).flatMap(([optimizer, rhos]) =>
    rhos.map((rho): RunSettings => ({ ...search, optimizer, rho, learningRate: LEARNING_RATE })),
  ),
};
