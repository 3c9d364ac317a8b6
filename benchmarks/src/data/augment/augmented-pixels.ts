import { normalisedPixels, type PixelImages } from '../pixels.ts';
import { augmentations } from './augmentations.ts';
import { drawsOf } from './draws.ts';

/** A batch to be prepared: plain data, so that it can go to another thread. */
export interface AugmentTask {
  readonly images: PixelImages;
  readonly indices: Uint32Array;
  /** Of the first image, in the order of the epoch. */
  readonly position: number;
  readonly epoch: number;
  readonly seed: number;
  /** Names of {@link augmentations}, in any order. */
  readonly augment: readonly string[];
}

/** What the network is given of a batch: its images normalised, then each through the augmentations asked for. */
export function augmentedPixels({ images, indices, position, epoch, seed, augment }: AugmentTask): Float32Array {
  const asked = [...augmentations].filter(([name]) => augment.includes(name));
  const size = images.shape[0] * images.shape[1] * images.shape[2];
  const values = normalisedPixels(images, indices);
  for (let row = 0; row < indices.length; row++) {
    const image = values.subarray(row * size, (row + 1) * size);
    for (const [name, { apply }] of asked) {
      apply(image, images.shape, drawsOf({ seed, epoch, position: position + row }, name));
    }
  }
  return values;
}
