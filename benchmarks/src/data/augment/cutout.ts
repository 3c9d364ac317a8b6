import type { Augmentation, Shape } from './augmentation.ts';

/**
 * A square of zeros (DeVries and Taylor, 2017): its centre is any pixel with the same probability, and what of it lies
 * outside the image is cut off.
 */
export const cutout: Augmentation = {
  description: 'a square of zeros at a random place, of side 16, or 8 in images smaller than 32 × 32',
  apply(image, shape, random) {
    const [height, width] = shape;
    blank(image, shape, random.integer(0, height - 1), random.integer(0, width - 1), cutoutSide(shape));
  },
};

/** The side of the square, 16 as in the paper's experiments on CIFAR-10. */
export function cutoutSide([height, width]: Shape): number {
  return Math.min(height, width) < 32 ? 8 : 16;
}

/** Zeroes the square of this even side that reaches from side / 2 before the centre to side / 2 − 1 behind it. */
export function blank(
  image: Float32Array,
  [height, width, channels]: Shape,
  centreRow: number,
  centreColumn: number,
  side: number,
): void {
  const half = side / 2;
  const firstColumn = Math.max(0, centreColumn - half);
  const lastColumn = Math.min(width, centreColumn + half);
  for (let row = Math.max(0, centreRow - half); row < Math.min(height, centreRow + half); row++) {
    image.fill(0, (row * width + firstColumn) * channels, (row * width + lastColumn) * channels);
  }
}
