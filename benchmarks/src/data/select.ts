import { permutation, seededRandom } from '../random.ts';
import type { RunSettings } from '../settings.ts';
import type { Splits } from './dataset.ts';
import { all, type LabelledImages, type Subset } from './images.ts';

/** What a run trains on and what it is judged by. */
export interface Selection {
  readonly train: Subset;
  readonly held: Subset;
}

/** Of a run's settings those that decide its images. */
export type SelectionSettings = Pick<RunSettings, 'trainImages' | 'validation' | 'subset' | 'labelNoise'>;

/** The seed of the one permutation that every selection is taken from, whatever the run's own seed. */
const SELECTION_SEED = 20_171_028;

/** The seed of what labels are shuffled with, whatever the run's own: all runs see the same noise. */
const NOISE_SEED = 20_210_401;

/**
 * Takes the first `trainImages` training images of one fixed permutation. With `validation` above zero the
 * last `validation` images of that permutation, or of its first `subset` images, are held out and judged on in place of
 * the test set. With `labelNoise` the labels of so large a share of the images trained on are shuffled among themselves;
 * those judged on keep theirs.
 */
export function select({ train, test }: Splits, asked: SelectionSettings): Selection {
  const { trainImages, validation, subset, labelNoise = 0 } = asked;
  const order = permutation(train.labels.length, seededRandom(SELECTION_SEED)).subarray(0, subset);
  const indices = order.subarray(0, trainImages);
  const trained: Subset = { of: labelNoise === 0 ? train : withNoise(train, indices, labelNoise), indices };
  if (validation === 0) return { train: trained, held: all(test) };
  const heldOut = order.subarray(order.length - validation);
  return { train: trained, held: { of: train, indices: heldOut } };
}

/** The labels of a share of these images, drawn by lot, in an order drawn by lot: some keep their own by chance. */
function withNoise(images: LabelledImages, indices: Uint32Array, share: number): LabelledImages {
  const random = seededRandom(NOISE_SEED);
  const drawn = permutation(indices.length, random).subarray(0, Math.round(share * indices.length));
  const from = permutation(drawn.length, random);
  const labels = images.labels.slice();
  drawn.forEach((place, k) => {
    labels[indices[place]!] = images.labels[indices[drawn[from[k]!]!]!]!;
  });
  return { ...images, labels };
}
