import { all, type Batch, type LabelledImages, toBatch } from '../data/images.ts';
import type { ModelInput } from '../models/model.ts';
import { seededRandom } from '../random.ts';

/** What networks are built for that train on noise. */
export const noiseInput: ModelInput = { shape: [28, 28, 1], classes: 10, seed: 1 };

/** Noise in the format of Fashion-MNIST: how long a step takes does not depend on the pixels. */
export function noiseImages(count: number): LabelledImages {
  const { shape, classes } = noiseInput;
  const random = seededRandom(1);
  return {
    shape,
    classes,
    pixels: Uint8Array.from({ length: count * 28 * 28 }, () => random.integer(0, 255)),
    labels: Uint8Array.from({ length: count }, () => random.integer(0, classes - 1)),
  };
}

/** A batch of {@link noiseImages}. */
export function noiseBatch(batchSize: number): Batch {
  const images = noiseImages(batchSize);
  return toBatch(images, all(images).indices);
}
