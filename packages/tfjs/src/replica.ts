import { map } from '@flatmin/tree';
import * as tf from '@tensorflow/tfjs-core';
import { tensors } from './algebra.ts';
import { assignVariables, type NamedValues, valuesOf } from './assign-variables.ts';
import { type Batch, type InputsAndTargets, partOf, sampleCount } from './batch.ts';
import { lossAndGradients } from './loss-and-gradients.ts';
import { oneForEach } from './one-for-each.ts';
import { withSeededRandomness } from './seeded-randomness.ts';
import { isAlive, trainedVariables } from './trained-variables.ts';

/** What {@link replica} is given. */
export interface ReplicaOptions<P, B extends Batch> {
  /** Makes tensors of a part of a batch as it was sent to the worker. They are freed after the evaluation. */
  batch(part: P): B;
  /** The loss of each sample, as for `trainer`. Synchronous. */
  losses(batch: B): tf.Tensor;
  /** The variables to optimise. Default: all there are that are trainable, of floats. */
  readonly variables?: tf.Variable[];
}

/** What an evaluation is about, as `@flatmin/parallel` tells it. */
export interface ReplicaTask<P> {
  /** The worker's part of the batch. */
  readonly part: P;
  /** What the variables that are not optimised were before the step. */
  readonly statistics: NamedValues;
  /** What random numbers depend on. */
  readonly seed: number;
  /** Whether the statistics after it count. */
  readonly first: boolean;
  /** The mean over these samples of the part alone. */
  readonly samples?: readonly number[];
  /** `also`: the loss of each sample as well. `only`: nothing but these. */
  readonly losses?: 'also' | 'only';
}

/** What an evaluation comes to. */
export interface ReplicaAnswer {
  /** The mean over the samples. */
  readonly loss: number;
  /** By the names of the variables. */
  readonly gradient: NamedValues;
  /** How many. */
  readonly samples: number;
  /** What the variables that are not optimised are after it. */
  readonly statistics?: NamedValues;
  /** One a sample, where they were asked for. */
  readonly losses?: readonly number[];
}

/** A model on variables, as `serve` of `@flatmin/parallel/worker` wants it. Made by {@link replica}. */
export interface VariablesReplica<P> {
  /** The variables to optimise, by name. */
  readonly weights: NamedValues;
  /** The other variables of floats, such as BatchNorm's moving means and variances, by name. */
  readonly statistics: NamedValues;
  /** Loss and gradient at these weights. */
  evaluate(weights: NamedValues, task: ReplicaTask<P>): Promise<ReplicaAnswer>;
}

// Only its way to compute gradients is asked for.
const gradients = { computeGradients: (f: () => tf.Scalar, list?: tf.Variable[]) => tf.variableGrads(f, list) };

/**
 * One worker's copy of a model on TensorFlow.js variables, for data-parallel training by `@flatmin/parallel`. To be made
 * when the model's variables are there.
 *
 * Each evaluation starts from the weights and statistics that it is told, and its `Math.random()`, which seeds dropout and
 * noise, is that of its seed: the evaluations of a step share their masks, BatchNorm moves by the first of them alone, and a
 * step that is done again has the same bits. The states of stateful recurrent layers, variables that are not of floats,
 * and metrics stay in the worker.
 *
 * @throws TypeError, Error without a variable to optimise
 * @example
 * ```ts
 * serve(async () => {
 *   await tf.setBackend('wasm');
 *   const model = buildModel();
 *   return replica({
 *     batch: ({ xs, labels }) => ({ xs: tf.tensor2d(xs, [labels.length, 784]), ys: tf.oneHot(labels, 10) }),
 *     losses: ({ xs, ys }) =>
 *       tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }), undefined, undefined, tf.Reduction.NONE),
 *   });
 * });
 * ```
 */
export function replica<P, B extends Batch = InputsAndTargets>(options: ReplicaOptions<P, B>): VariablesReplica<P> {
  const variables = trainedVariables('replica', 'variables', options.variables);
  const others = othersThan(variables);
  return {
    weights: valuesOf(variables),
    statistics: valuesOf(others),
    async evaluate(weights, { part, statistics, seed, first, samples, losses }) {
      assignVariables(weights, variables);
      assignVariables(statistics, others);
      const kept: tf.Tensor[] = [];
      try {
        const [count, value, grads] = tf.tidy(() =>
          withSeededRandomness(seed, () => {
            const batch = partOf(options.batch(part), samples === undefined ? {} : { samples });
            const count = sampleCount('replica', batch);
            const each = (): tf.Tensor => oneForEach('replica', options.losses(batch), count);
            if (losses === 'only') {
              kept.push(tensors.share(each()));
              return [count] as const;
            }
            const loss = (): tf.Scalar => {
              const all = each();
              if (losses !== undefined) kept.push(tensors.share(all));
              return tf.mean(all);
            };
            const { value, grads } = lossAndGradients(gradients, loss, variables);
            return [count, tf.keep(value), map((gradient: tf.Tensor) => tf.keep(gradient), grads)] as const;
          }),
        );
        if (value !== undefined) kept.push(value, ...Object.values(grads ?? {}));
        const [asked, loss, gradient] = await Promise.all([
          losses && numbersOf(kept[0]!),
          value === undefined ? Number.NaN : numbersOf(value).then(([number]) => number!),
          gradientsOf(variables, grads ?? {}),
        ]);
        return {
          loss,
          gradient,
          samples: count,
          ...(first && { statistics: valuesOf(others) }),
          ...(asked && { losses: asked }),
        };
      } finally {
        tf.dispose(kept);
      }
    },
  };
}

function othersThan(variables: readonly tf.Variable[]): tf.Variable[] {
  const trained = new Set(variables);
  const registered = Object.values(tf.engine().registeredVariables);
  return registered.filter((other) => !trained.has(other) && other.dtype === 'float32' && isAlive(other));
}

const numbersOf = async (tensor: tf.Tensor): Promise<number[]> => Array.from(await tensor.data());

// Zeros for a variable on which the loss does not depend.
async function gradientsOf(
  variables: readonly tf.Variable[],
  grads: Readonly<Record<string, tf.Tensor>>,
): Promise<NamedValues> {
  const read = async ({ name, size }: tf.Variable): Promise<[string, Float32Array]> => {
    const gradient = grads[name];
    return [name, gradient === undefined ? new Float32Array(size) : ((await gradient.data()) as Float32Array)];
  };
  return Object.fromEntries(await Promise.all(variables.map(read)));
}
