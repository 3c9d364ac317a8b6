import type { Variant } from '@flatmin/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { Batch, HostBatch } from './batch.ts';
import type { OptimizerState } from './saved-state.ts';
import type { SharpnessAwareOptions } from './sharpness-aware-options.ts';

/** What `trainer` is given. */
export interface TrainerOptions<B extends Batch> extends SharpnessAwareOptions {
  /** Any `tf.train` optimizer, or a wrapper around one. */
  readonly base: tf.Optimizer;
  /** A member of the SAM family, such as `sam({ rho: 0.05 })`. */
  readonly variant: Variant;
  /**
   * The loss of each sample of a batch, as a tensor of one number a sample; it is called with any part of a batch
   * too. The loss of the batch is their mean. Synchronous, as every loss closure of TensorFlow.js.
   */
  losses(batch: B): tf.Tensor;
  /** The variables to optimise. Default: all that are trainable, of floats, at each step. */
  readonly variables?: tf.Variable[];
  /**
   * How many samples to evaluate at once, at most: every evaluation of a larger batch runs in parts of about one size,
   * whose losses and gradients are averaged by their samples. A step needs the memory of a small batch, and has the
   * perturbation of the whole one. It is the step on the whole batch up to rounding, but for what is computed over the
   * samples of a batch: BatchNorm's statistics are those of the parts, and move once for each. Default: all.
   */
  readonly microBatchSize?: number;
}

/** Where a `Trainer` stands between two steps, as plain data. */
export type TrainerState = {
  /** The optimizer's. */
  readonly optimizer: OptimizerState;
  /** The batch before, where the variant asks for it. */
  readonly previous?: HostBatch;
};

/** The names of all options. */
export const trainerOptions: readonly string[] = [
  'base',
  'variant',
  'losses',
  'variables',
  'microBatchSize',
  'seed',
  'perturb',
  'roles',
  'nonFinite',
  'diagnostics',
  'learningRate',
];
