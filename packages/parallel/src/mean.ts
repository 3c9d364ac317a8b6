import { zip } from '@flatmin/tree';
import type { Floats } from './layout.ts';

/**
 * The mean of trees by how many samples each is about: Σ nᵢ gᵢ / Σ nᵢ, straight from where the workers wrote them. Added
 * up in float64 and rounded once; of one tree it is a copy.
 */
export function weightedMean(trees: readonly Floats[], samples: readonly number[]): Floats {
  const total = samples.reduce((sum, count) => sum + count, 0);
  const shares = samples.map((count) => count / total);
  return zip((...leaves: Float32Array[]) => meanOfLeaves(leaves, shares), ...trees) as Floats;
}

function meanOfLeaves(leaves: readonly Float32Array[], shares: readonly number[]): Float32Array {
  const mean = new Float32Array(leaves[0]!.length);
  if (leaves.length === 2) {
    const [[a, b], [p, q]] = [leaves, shares] as unknown as [[Float32Array, Float32Array], [number, number]];
    for (let k = 0; k < mean.length; k++) mean[k] = p * a[k]! + q * b[k]!;
    return mean;
  }
  for (let k = 0; k < mean.length; k++) {
    let sum = 0;
    for (let i = 0; i < leaves.length; i++) sum += shares[i]! * leaves[i]![k]!;
    mean[k] = sum;
  }
  return mean;
}

/** The mean of numbers by how many samples each is about. */
export function weightedMeanOf(numbers: readonly number[], samples: readonly number[]): number {
  const total = samples.reduce((sum, count) => sum + count, 0);
  return numbers.reduce((sum, number, i) => sum + number * samples[i]!, 0) / total;
}
