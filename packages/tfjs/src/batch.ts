import type { About, Shard } from '@flatmin/core';
import { entries, flatten, map, type ParamTree, type TreeStructure, unflatten } from '@flatmin/tree';
import * as tf from '@tensorflow/tfjs-core';
import { tensors } from './algebra.ts';
import { deviceTensor, type HostTensor, hostTensor } from './saved-state.ts';

/** Tensors with the samples along the first axis: one tensor, or records and arrays of them, as `{ xs, ys }`. */
export type Batch = ParamTree<tf.Tensor>;

/** The batches of most data sets. */
export type InputsAndTargets = {
  /** The inputs. */
  readonly xs: tf.Tensor;
  /** The targets. */
  readonly ys: tf.Tensor;
};

/**
 * How many samples a batch has.
 *
 * @param owner who takes the batch, to begin the error's sentence
 * @throws TypeError for what is no tensor of samples
 * @throws RangeError for tensors of different numbers of samples, or of none
 */
export function sampleCount(owner: string, batch: Batch): number {
  const all = entries<tf.Tensor>(batch);
  const counts = all.map(([path, tensor]) => {
    const count = tensor instanceof tf.Tensor ? tensor.shape[0] : undefined;
    if (count !== undefined) return count;
    throw new TypeError(`${owner}: ${at(path)} is no tensor of samples; give tensors with one row for each sample.`);
  });
  const [first = 0] = counts;
  const other = counts.findIndex((count) => count !== first);
  if (other > 0) {
    const [one, two] = [0, other].map((i) => at(all[i]![0]));
    throw new RangeError(
      `${owner}: there are ${first} samples at ${one} and ${counts[other]} at ${two}; give as many rows in all tensors.`,
    );
  }
  if (first === 0) throw new RangeError(`${owner}: there are no samples; give tensors with one row for each.`);
  return first;
}

/** Samples in a row, as fresh tensors. */
export const rows = <B extends Batch>(batch: B, begin: number, count: number): B =>
  map((tensor: tf.Tensor) => tf.slice(tensor, begin, count), batch);

/** Samples in any order, as fresh tensors. */
export function gathered<B extends Batch>(batch: B, samples: ArrayLike<number>): B {
  const indices = tf.tensor1d(Int32Array.from(samples), 'int32');
  const chosen = map((tensor: tf.Tensor) => tf.gather(tensor, indices), batch);
  indices.dispose();
  return chosen;
}

/**
 * What an evaluation is about: the batch itself, or fresh tensors of some of its samples. The parts of a batch are
 * contiguous, and their sizes differ by at most one.
 *
 * @throws RangeError for more parts than samples, or samples that are not there
 */
export function partOf<B extends Batch>(batch: B, { shard, samples }: Pick<About, 'shard' | 'samples'>): B {
  const part = shard === undefined ? batch : partOfMany(batch, shard);
  if (samples === undefined) return part;
  const count = sampleCount('trainer', part);
  const wrong = samples.find((sample) => !Number.isInteger(sample) || sample < 0 || sample >= count);
  if (samples.length === 0 || wrong !== undefined) {
    const asked = samples.length === 0 ? 'no sample at all' : `sample ${wrong}`;
    throw new RangeError(`trainer: the variant asks for ${asked}; there are samples 0 to ${count - 1} to ask for.`);
  }
  return gathered(part, samples);
}

function partOfMany<B extends Batch>(batch: B, { index, count }: Shard): B {
  const samples = sampleCount('trainer', batch);
  if (samples < count) {
    throw new RangeError(
      `trainer: a batch of ${samples} cannot be parted in ${count}; give batches of at least ${count} samples, the last included (smallLastBatch: false leaves a smaller one out).`,
    );
  }
  const [begin, end] = [index, index + 1].map((i) => Math.floor((i * samples) / count)) as [number, number];
  return rows(batch, begin, end - begin);
}

/** Second handles on the data of a batch. */
export const shared = <B extends Batch>(batch: B): B => map((tensor: tf.Tensor) => tensors.share(tensor), batch);

/** A batch on the host, as plain data. */
export type HostBatch = {
  /** Its tensors. */
  readonly tensors: readonly HostTensor[];
  /** Where they stand. */
  readonly structure: TreeStructure;
};

/** A copy of a batch on the host. */
export async function hostBatch(batch: Batch): Promise<HostBatch> {
  const { leaves, structure } = flatten<tf.Tensor>(batch);
  return { tensors: await Promise.all(leaves.map(hostTensor)), structure };
}

/** The batch that a {@link HostBatch} tells. */
export const deviceBatch = ({ tensors, structure }: HostBatch): Batch =>
  unflatten(structure, tensors.map(deviceTensor));

/** Frees the tensors of a batch. */
export const free = (batch: Batch): void => tf.dispose(batch as tf.TensorContainer);

const at = (path: string): string => (path === '' ? 'the batch' : `"${path}"`);
