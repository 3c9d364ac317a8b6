import type { Augmentation } from './augmentation.ts';
import { cutout } from './cutout.ts';
import { flip } from './flip.ts';
import { padCrop } from './pad-crop.ts';

/** What an augmentation is called. */
export type AugmentationName = 'pad-crop' | 'flip' | 'cutout';

/** The augmentations by name, in the order in which an image goes through those that are asked for. */
export const augmentations: ReadonlyMap<AugmentationName, Augmentation> = new Map([
  ['pad-crop', padCrop],
  ['flip', flip],
  ['cutout', cutout],
]);
