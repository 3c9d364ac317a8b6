import { asam } from '@flatmin/asam';
import type { Variant } from '@flatmin/core';
import { gsam } from '@flatmin/gsam';
import { sam } from '@flatmin/sam';
import {
  aeSam,
  bsam,
  esam,
  fisherSam,
  friendlySam,
  gam,
  looksam,
  mSam,
  msam,
  random,
  samOn,
  sampa,
  sparseSam,
  vasso,
  wsam,
} from '@flatmin/zoo';
import type { RunSettings } from './settings.ts';
import { stepsOf } from './steps.ts';

/** What of a run the options of its variant depend on. */
export interface VariantInput {
  /** `--rho` as an option of the variant; empty leaves the variant its own. */
  readonly rho: { readonly rho?: number };
  /** The base optimizer's. */
  readonly momentum: number;
  /** In the whole run. */
  readonly steps: number;
  /** Trained on. */
  readonly images: number;
}

/** An optimizer by name: gradient descent with momentum, with a variant of the SAM family around it or by itself. */
export interface OptimizerEntry {
  /** One line for the help. */
  readonly description: string;
  /** Absent: plain gradient descent. */
  readonly variant?: (input: VariantInput) => Variant;
  /** The variant's options that follow from the run, each with what it is there. */
  readonly fromRun?: Readonly<Record<string, string>>;
  /** Whether it does something only to networks with normalisation layers. */
  readonly needsNormalisation?: true;
}

/** Parts of a batch for m-SAM: 16 images each in a batch of 64. */
const SHARDS = 4;

const entries: Readonly<Record<string, OptimizerEntry>> = {
  sgd: { description: 'gradient descent with momentum, on which all others stand' },
  sam: {
    description: 'the gradient at the worst weights within ρ (Foret et al., ICLR 2021)',
    variant: ({ rho }) => sam(rho),
  },
  'sam-second-order': {
    description:
      'SAM with the term of its gradient that it drops, by differences, four gradients a step (its appendix)',
    variant: ({ rho }) => sam({ ...rho, secondOrder: true }),
  },
  asam: {
    description: 'adaptive SAM: the ball is as wide along each weight as that is large (Kwon et al., ICML 2021)',
    variant: ({ rho }) => asam(rho),
  },
  gsam: {
    description: 'surrogate gap guided SAM, with a constant ρ (Zhuang et al., ICLR 2022)',
    variant: ({ rho }) => gsam(rho),
  },
  looksam: {
    description: 'SAM every fifth step, and between what it had found (Liu et al., CVPR 2022)',
    variant: ({ rho }) => looksam(rho),
  },
  esam: {
    description:
      'efficient SAM: perturbs leaves drawn by lot, descends for the samples this hurts most (Du et al., ICLR 2022)',
    variant: ({ rho }) => esam(rho),
  },
  'friendly-sam': {
    description: 'climbs along what is peculiar to the batch (Li et al., CVPR 2024)',
    variant: ({ rho }) => friendlySam(rho),
  },
  vasso: {
    description: 'climbs along a running mean of gradients (Li and Giannakis, NeurIPS 2023)',
    variant: ({ rho }) => vasso(rho),
  },
  wsam: {
    description: 'weighted SAM, sharpness lowered beside the base optimizer (Yue et al., KDD 2023)',
    variant: ({ rho }) => wsam(rho),
  },
  'wsam-coupled': {
    description: 'weighted SAM, sharpness lowered by the base optimizer (Yue et al., KDD 2023)',
    variant: ({ rho }) => wsam({ ...rho, mode: 'coupled' }),
  },
  msam: {
    description: 'Momentum-SAM: climbs against the momentum, one gradient a step (Becker et al., 2024)',
    variant: ({ rho, momentum }) => msam({ ...rho, momentum }),
    fromRun: { momentum: 'that of the run' },
  },
  bsam: {
    description: 'SAM as variational Bayes, an optimizer of its own (Möllenhoff and Khan, ICLR 2023)',
    variant: ({ rho, images }) => bsam({ ...rho, samples: images }),
    fromRun: { samples: 'training images of the run', delta: '25 / samples' },
  },
  'sam-on': {
    description: 'perturbs normalisation layers only: for networks with some (Mueller et al., NeurIPS 2023)',
    variant: ({ rho }) => samOn(rho),
    needsNormalisation: true,
  },
  'fisher-sam': {
    description: 'SAM in an ellipsoid of Fisher information (Kim et al., ICML 2022)',
    variant: ({ rho }) => fisherSam(rho),
  },
  'sparse-sam': {
    description: 'perturbs half of the weights, by a mask that changes (Mi et al., NeurIPS 2022)',
    variant: ({ rho, steps }) => sparseSam({ ...rho, steps }),
    fromRun: { steps: 'those of the run' },
  },
  gam: {
    description: 'makes the largest gradient nearby small, four gradients a step (Zhang et al., CVPR 2023)',
    variant: ({ rho }) => gam(rho),
  },
  'ae-sam': {
    description: 'SAM where the gradient is long for its time (Jiang et al., ICLR 2023)',
    variant: ({ rho, steps }) => aeSam({ ...rho, steps }),
    fromRun: { steps: 'those of the run' },
  },
  sampa: {
    description: 'SAM whose two gradients can be computed at once (Xie et al., NeurIPS 2024)',
    variant: ({ rho, momentum }) => sampa({ ...rho, momentum }),
    fromRun: { momentum: 'that of the run' },
  },
  'm-sam': {
    description: `SAM of each of ${SHARDS} parts of a batch, averaged (Foret et al., ICLR 2021)`,
    variant: ({ rho }) => mSam({ ...rho, shards: SHARDS }),
  },
  random: {
    description: 'the control: a perturbation in a random direction (Foret et al., ICLR 2021)',
    variant: ({ rho }) => random(rho),
  },
};

/** The optimizers by the name that `--optimizers` takes. */
export const optimizers: ReadonlyMap<string, OptimizerEntry> = new Map(Object.entries(entries));

/** Of a run's settings those that a variant is made from. */
export type VariantSettings = Pick<
  RunSettings,
  'optimizer' | 'rho' | 'momentum' | 'trainImages' | 'batchSize' | 'epochsAsked'
>;

/** The variant of a run's optimizer; none for plain gradient descent. */
export function variantOf(settings: VariantSettings): Variant | undefined {
  const { optimizer, rho, momentum, trainImages } = settings;
  return optimizers.get(optimizer)!.variant?.({
    rho: rho === undefined ? {} : { rho },
    momentum,
    steps: stepsOf(settings),
    images: trainImages,
  });
}

/** The length of a variant's perturbation; null without one. */
export function rhoOf(variant: Variant | undefined): number | null {
  const rho = variant?.options['rho'];
  return typeof rho === 'number' ? rho : null;
}
