import type { Augmentation, Shape } from './augmentation.ts';

/** Half of the images as in a mirror. */
export const flip: Augmentation = {
  description: 'left and right changed in half of the images',
  apply(image, shape, random) {
    if (random.integer(0, 1) === 1) mirror(image, shape);
  },
};

/** Changes left and right. */
export function mirror(image: Float32Array, [height, width, channels]: Shape): void {
  const original = image.slice();
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + width - 1 - column) * channels;
      const to = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel++) image[to + channel] = original[from + channel]!;
    }
  }
}
