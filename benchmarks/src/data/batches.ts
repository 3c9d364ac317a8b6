import { type AugmentationName, augmentations } from './augment/augmentations.ts';
import { augmentedBatches } from './augment/augmented-batches.ts';
import { type Batch, type LabelledImages, pieces, toBatch } from './images.ts';

/** The rest of a pass over images. */
export interface EpochPlan {
  /** The images still to come, by their index in the set. */
  readonly order: Uint32Array;
  /** Counted from 1. */
  readonly epoch: number;
  /** Images of the epoch that came before: the position of the first of these. */
  readonly from: number;
  readonly batchSize: number;
  /** Ends the pass with its reason. */
  readonly signal: AbortSignal;
}

/** Gives batches to train on. */
export interface BatchSource {
  /** The batches of a pass, the last of which may be short; whoever loops disposes them. */
  epoch(plan: EpochPlan): AsyncIterable<Batch>;
  /** To be called at the end: frees memory and threads. A pass in progress ends with an error. */
  close(): Promise<void>;
}

/** How images are prepared. */
export interface BatchOptions {
  /** Names of augmentations; they are done in the order of {@link augmentations}. Default none. */
  readonly augment?: readonly string[];
  /** What the augmentations draw from: a whole number from 0 to 2³² − 1. */
  readonly seed: number;
  /** That augment; the batches do not depend on it. Default 1. */
  readonly threads?: number;
}

/**
 * Batches of a set of images. With augmentations they are prepared in threads, a few ahead of training; without, none is
 * started. What becomes of an image follows from the seed, the epoch and its position in it, and from nothing else.
 *
 * @throws where there is no augmentation of that name
 */
export function openBatches(images: LabelledImages, { augment = [], seed, threads = 1 }: BatchOptions): BatchSource {
  for (const name of augment) {
    if (!augmentations.has(name as AugmentationName)) {
      throw new Error(`augment ${name} must be one of ${[...augmentations.keys()].join(', ')}`);
    }
  }
  return augment.length === 0 ? plainBatches(images) : augmentedBatches(images, { augment, seed, threads });
}

function plainBatches(images: LabelledImages): BatchSource {
  return {
    async *epoch({ order, batchSize, signal }) {
      for (const indices of pieces(order, batchSize)) {
        signal.throwIfAborted();
        yield toBatch(images, indices);
      }
    },
    close: async () => {},
  };
}
