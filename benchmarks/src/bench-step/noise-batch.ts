import { type Batch, type LabelledImages, toBatch } from '../data/images.ts';
import { seededRandom } from '../random.ts';

/** A batch of noise in the format of Fashion-MNIST: how long a step takes does not depend on the pixels. */
export function noiseBatch(batchSize: number): Batch {
  const random = seededRandom(1);
  const images: LabelledImages = {
    shape: [28, 28, 1],
    classes: 10,
    pixels: Uint8Array.from({ length: batchSize * 28 * 28 }, () => random.integer(0, 255)),
    labels: Uint8Array.from({ length: batchSize }, () => random.integer(0, 9)),
  };
  return toBatch(
    images,
    Uint32Array.from(images.labels, (_, index) => index),
  );
}
