import { move } from 'piscina';
import { type AugmentTask, augmentedPixels } from './augmented-pixels.ts';

/** What a thread of the pool of `augmentedBatches` does: the pixels go back to the caller's thread without a copy. */
export default function worker(task: AugmentTask): unknown {
  return move(augmentedPixels(task));
}
