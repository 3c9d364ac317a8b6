import { createHash } from 'node:crypto';
import type { Tensor } from '@tensorflow/tfjs-core';

/** SHA-256 over the bytes of all weights, in order: equal digests mean equal weights, bit for bit. */
export function weightsDigest(weights: readonly Tensor[]): string {
  const hash = createHash('sha256');
  for (const weight of weights) hash.update(weight.dataSync<'float32'>());
  return hash.digest('hex');
}
