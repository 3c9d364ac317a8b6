import { permutation, seededRandom } from '../random.ts';
import type { Splits } from './dataset.ts';
import { all, type Subset } from './images.ts';

/** What a run trains on and what it is judged by. */
export interface Selection {
  readonly train: Subset;
  readonly held: Subset;
  readonly evaluatedOn: 'test' | 'validation';
}

/** The seed of the one permutation that every selection is taken from, whatever the run's own seed. */
const SELECTION_SEED = 20_171_028;

/**
 * Takes the first `limit` training images of one fixed permutation. With `validation` above zero the
 * last `validation` images of that permutation are held out and judged on in place of the test set.
 */
export function select({ train, test }: Splits, limit: number, validation: number): Selection {
  const order = permutation(train.labels.length, seededRandom(SELECTION_SEED));
  const trained: Subset = { of: train, indices: order.subarray(0, limit) };
  if (validation === 0) return { train: trained, held: all(test), evaluatedOn: 'test' };
  const heldOut = order.subarray(order.length - validation);
  return { train: trained, held: { of: train, indices: heldOut }, evaluatedOn: 'validation' };
}
