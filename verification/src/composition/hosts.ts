import { Worker } from 'node:worker_threads';
import { float64Backend, networkProblem, standardData } from '@flatmin/conformance';
import {
  type LeafSelector,
  momentum,
  type OptimizerState,
  sharpnessAware as overAnyAlgebra,
  type Schedule,
  type Variant,
} from '@flatmin/core';
import * as jax from '@flatmin/jax';
import { dataParallel, type ParallelState } from '@flatmin/parallel';
import { sharpnessAware, type TrainerState, trainer, weightDecay } from '@flatmin/tfjs';
import { leaves, map, type ParamTree } from '@flatmin/tree';
import { type Array as JaxArray, numpy as np } from '@jax-js/jax';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** What a host may be asked for besides the variant. */
export interface Features {
  readonly learningRate?: Schedule;
  readonly decay?: { readonly rate: number; readonly exclude: LeafSelector };
  readonly perturb?: LeafSelector;
  readonly nonFinite?: 'skip';
  readonly diagnostics?: boolean;
  readonly microBatchSize?: number;
}

/** Where a training stands: to be gone on from by another. */
export interface Standing {
  readonly step: number;
  readonly weights: readonly (readonly number[])[];
  readonly state: unknown;
}

/** A training of a small network. */
export interface Training {
  step(): Promise<void>;
  standing(): Promise<Standing>;
  /** Gives back what it holds. */
  end?(): Promise<void>;
}

/** A place where variants train. */
export type Host = (variant: Variant, features: Features, from?: Standing) => Promise<Training>;

const { inputs, targets, batches } = standardData('normalised');
const RATE = 0.05;

const ofBatch = (rows: readonly (readonly number[])[], step: number): number[][] =>
  batches[step % batches.length]!.map((n) => [...rows[n]!]);

function baseOf({ learningRate = RATE, decay }: Features) {
  return momentum({ learningRate, ...(decay && { weightDecay: decay.rate, exclude: decay.exclude }) });
}

// The base optimizers of core take learning rate and decay themselves.
function sessionOptions({ learningRate: _, decay: __, ...options }: Features) {
  return options;
}

const core: Host = async (variant, features, from) => {
  const problem = networkProblem(standardData('normalised'), float64Backend);
  const offers = ['perSample', 'shards', 'previousBatch'] as const;
  const { algebra } = float64Backend;
  const optimizer = overAnyAlgebra(baseOf(features), variant, algebra, { ...sessionOptions(features), offers });
  let [weights, step] = [problem.start(), from?.step ?? 0];
  if (from !== undefined) {
    let position = 0;
    weights = map((_: Float64Array) => Float64Array.from(from.weights[position++]!), weights);
    optimizer.restore(from.state as OptimizerState<Float64Array>);
  }
  return {
    step: async () => {
      ({ weights } = optimizer.step(weights, problem.at(step++)));
    },
    standing: async () => ({
      step,
      weights: leaves<Float64Array>(weights).map((leaf) => [...leaf]),
      state: structuredClone(optimizer.state()),
    }),
  };
};

function network(from?: Standing): tfl.Sequential {
  const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 4, inputShape: [3], kernelInitializer: seeded(1) }),
      tfl.layers.batchNormalization({}),
      tfl.layers.activation({ activation: 'tanh' }),
      tfl.layers.dense({ units: 2, kernelInitializer: seeded(2) }),
    ],
  });
  if (from !== undefined) {
    const shapes = model.getWeights().map(({ shape }) => shape);
    model.setWeights(from.weights.map((numbers, i) => tf.tensor([...numbers], shapes[i]!)));
  }
  return model;
}

function tfBase({ learningRate, decay }: Features): tf.Optimizer {
  const base = tf.train.momentum(typeof learningRate === 'number' ? learningRate : RATE, 0.9);
  return decay === undefined ? base : weightDecay(base, decay);
}

const weightsOf = (model: tfl.LayersModel): number[][] =>
  model.getWeights().map((weight) => Array.from(weight.dataSync()));

const inFit: Host = async (variant, { decay, ...features }, from) => {
  const model = network(from);
  const optimizer = sharpnessAware(tfBase({ ...(decay && { decay }) }), variant, features);
  if (from !== undefined) await optimizer.restore(from.state as Awaited<ReturnType<typeof optimizer.state>>);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  let step = from?.step ?? 0;
  return {
    step: async () => {
      const [xs, ys] = [tf.tensor2d(ofBatch(inputs, step)), tf.tensor2d(ofBatch(targets, step++))];
      await model.fit(xs, ys, { batchSize: 8, shuffle: false });
      tf.dispose([xs, ys]);
    },
    standing: async () => ({ step, weights: weightsOf(model), state: structuredClone(await optimizer.state()) }),
  };
};

const inTrainer: Host = async (variant, { decay, ...features }, from) => {
  const model = network(from);
  const loop = trainer<{ xs: tf.Tensor2D; ys: tf.Tensor2D }>({
    base: tfBase({ ...(decay && { decay }) }),
    variant,
    variables: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
    losses: ({ xs, ys }) => tf.mean(tf.squaredDifference(model.apply(xs, { training: true }) as tf.Tensor2D, ys), 1),
    ...features,
  });
  if (from !== undefined) await loop.restore(from.state as TrainerState);
  let step = from?.step ?? 0;
  return {
    step: async () => {
      const batch = { xs: tf.tensor2d(ofBatch(inputs, step)), ys: tf.tensor2d(ofBatch(targets, step++)) };
      await loop.step(batch);
      tf.dispose(batch);
    },
    standing: async () => ({ step, weights: weightsOf(model), state: structuredClone(await loop.state()) }),
  };
};

const shapes = { 'hidden/kernel': [3, 4], 'hidden/gamma': [4], 'hidden/bias': [4], 'output/kernel': [4, 2] };
const numberAt = (path: string, i: number): number =>
  path.endsWith('gamma') ? 1 : Math.sin(i + path.length) / (path.endsWith('bias') ? 10 : 2);

const withJax: Host = async (variant, features, from) => {
  const optimizer = jax.sharpnessAware(baseOf(features), variant, sessionOptions(features));
  let weights = Object.fromEntries(
    Object.entries(shapes).map(([path, shape], k) => {
      const size = shape.reduce((product, n) => product * n, 1);
      const numbers = from?.weights[k] ?? Array.from({ length: size }, (_, i) => numberAt(path, i));
      return [path, np.array(Float32Array.from(numbers)).reshape(shape)];
    }),
  );
  if (from !== undefined) optimizer.restore(from.state as jax.SavedState);
  let step = from?.step ?? 0;
  return {
    step: async () => {
      const [xs, ys] = [np.array(ofBatch(inputs, step)), np.array(ofBatch(targets, step++))];
      const result = optimizer.step(weights, (w: Record<string, JaxArray>) => {
        const linear = np.dot(xs.ref, w['hidden/kernel']!).mul(w['hidden/gamma']!);
        const errors = np.dot(np.tanh(linear.add(w['hidden/bias']!)), w['output/kernel']!).sub(ys.ref);
        return np.mean(np.square(errors));
      });
      weights = result.weights;
      for (const leaf of leaves<JaxArray>([result.loss, result.diagnostics as ParamTree<JaxArray>])) leaf.dispose();
    },
    standing: async () => ({
      step,
      weights: Object.values(weights).map((leaf) => Array.from(leaf.ref.dataSync())),
      state: structuredClone(await optimizer.state()),
    }),
  };
};

const startWorker = (): Worker =>
  new Worker(new URL('./network-worker.ts', import.meta.url), {
    execArgv: [...process.execArgv, '--conditions=@flatmin/source'],
  });

const inWorkers: Host = async (variant, features, from) => {
  const options = { ...sessionOptions(features), base: baseOf(features), variant };
  const training = await dataParallel({ ...options, worker: startWorker, workers: 2 });
  if (from !== undefined) training.restore(from.state as ParallelState);
  let step = from?.step ?? 0;
  return {
    step: async () => {
      await training.step([{ step }, { step }]);
      step++;
    },
    standing: async () => ({
      step,
      weights: leaves<Float32Array>(training.weights).map((leaf) => [...leaf]),
      state: structuredClone(training.state()),
    }),
    end: () => training.dispose(),
  };
};

/** Every place, by its column in the tables. */
export const hosts: Readonly<Record<string, Host>> = {
  '`sharpnessAware` of core': core,
  '`sharpnessAware` of tfjs': inFit,
  '`trainer` of tfjs': inTrainer,
  '`sharpnessAware` of jax': withJax,
  '`dataParallel` of parallel': inWorkers,
};
