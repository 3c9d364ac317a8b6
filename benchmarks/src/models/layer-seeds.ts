import { seededRandom } from '../random.ts';

/** A fresh seed for each layer's weights; never 0, which TensorFlow.js takes for "no seed". */
export function layerSeeds(seed: number): () => number {
  const random = seededRandom(seed);
  return () => random.integer(1, 2 ** 31 - 1);
}
