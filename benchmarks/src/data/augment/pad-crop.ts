import type { Augmentation, Shape } from './augmentation.ts';

/** Rows and columns of zeros on each side. */
export const PADDING = 4;

/**
 * A random part of the image with a margin of {@link PADDING} zeros around, of the image's own size. What networks are
 * given is padded, so zero is the mean colour where a set is normalised, and black where it is not.
 */
export const padCrop: Augmentation = {
  description: `a random crop after padding with ${PADDING} pixels of zero (the mean, once normalised) on each side`,
  apply(image, shape, random) {
    crop(image, shape, random.integer(0, 2 * PADDING), random.integer(0, 2 * PADDING));
  },
};

/** Leaves what lies from row `top` and column `left` of the padded image on. */
export function crop(image: Float32Array, [height, width, channels]: Shape, top: number, left: number): void {
  const original = image.slice();
  image.fill(0);
  const firstColumn = Math.max(0, left - PADDING);
  const lastColumn = Math.min(width, width + left - PADDING);
  for (let row = 0; row < height; row++) {
    const from = row + top - PADDING;
    if (from < 0 || from >= height || firstColumn >= lastColumn) continue;
    const kept = original.subarray((from * width + firstColumn) * channels, (from * width + lastColumn) * channels);
    image.set(kept, (row * width + firstColumn + PADDING - left) * channels);
  }
}
