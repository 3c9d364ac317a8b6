import { seededRandom } from '../random.ts';
import type { Dataset } from './dataset.ts';
import type { LabelledImages } from './images.ts';

const CLASSES = 10;
const SIDE = 8;
const TRAIN_IMAGES = 1_000;
const TEST_IMAGES = 300;

/** Made images, the same on every machine: stripes whose direction is the class. No real data: to try the tool. */
export const madeStripes: Dataset = {
  name: 'made-stripes',
  label: 'made-stripes (no real data)',
  description: '1,300 made images of stripes, 8 × 8, ten classes: no real data, only to try things in seconds',
  trainImages: TRAIN_IMAGES,
  testImages: TEST_IMAGES,
  load: async () => ({ train: stripes(TRAIN_IMAGES, 1), test: stripes(TEST_IMAGES, 2) }),
  files: () => [],
};

function stripes(count: number, seed: number): LabelledImages {
  const random = seededRandom(seed);
  const labels = Uint8Array.from({ length: count }, () => random.integer(0, CLASSES - 1));
  const pixels = new Uint8Array(count * SIDE * SIDE);
  labels.forEach((label, image) => {
    const angle = (Math.PI * label) / CLASSES;
    const phase = random.integer(-50, 50) / 50;
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const wave = Math.sin(Math.cos(angle) * x + Math.sin(angle) * y + phase);
        pixels[(image * SIDE + y) * SIDE + x] = Math.round(128 + 90 * wave) + random.integer(-30, 30);
      }
    }
  });
  return { shape: [SIDE, SIDE, 1], classes: CLASSES, pixels, labels };
}
