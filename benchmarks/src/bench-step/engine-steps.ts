import { type SharpnessAwareOptimizer, sharpnessAware } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '../backends.ts';
import { crossEntropy, logitsOf, trainedWeights } from '../models/model.ts';
import { openParallelStep } from '../parallel/open-parallel-step.ts';
import { noiseBatch, noiseImages, noiseInput } from './noise-batch.ts';
import type { StepProgramInput } from './protocol.ts';
import { stepModel } from './step-model.ts';
import { LEARNING_RATE, stepOptimizers } from './step-optimizers.ts';

/** Steps of one network with one optimizer on one engine, to be repeated. */
export interface Steps {
  /** What it runs on. */
  readonly engine: string;
  /** One step, until its loss is on the host. */
  step(): Promise<number>;
  /** One loss and gradient of all weights, until the loss is on the host, as the base alone computes them. */
  gradient(): Promise<number>;
  /**
   * Before each gradient, untimed: gives the weights data of their own, as an update does. What an engine has made ready for
   * the weights of a step before, such as packed filters, is of no use to the gradients of another.
   */
  renew?(): void;
  /** Gradients of a batch that steps have computed so far. */
  gradients(): number;
}

const base = () => tf.train.momentum(LEARNING_RATE, 0.9);

/** Steps on an engine, or in workers of it: `wasm-2` is two of `wasm`. */
export async function engineSteps(input: StepProgramInput): Promise<Steps> {
  const [, engine, workers] = /^(.+)-(\d+)$/.exec(input.engine) ?? [];
  return workers === undefined ? oneProcess(input) : inWorkers(input, engine!, Number(workers));
}

async function inWorkers(
  { network, optimizer, batch }: StepProgramInput,
  engine: string,
  workers: number,
): Promise<Steps> {
  const variant = stepOptimizers.get(optimizer)!.variant?.();
  const steps = await openParallelStep({
    network,
    variant,
    images: noiseImages(batch),
    workers,
    engine,
    learningRate: LEARNING_RATE,
  });
  return { ...steps, engine: `${workers} workers of TensorFlow.js ${tf.version_core}, ${engine}` };
}

/** Steps through `minimize`, which is what `model.fit` calls. */
async function oneProcess({ engine, network, optimizer, batch }: StepProgramInput): Promise<Steps> {
  await useBackend(engine);
  const model = stepModel(network, noiseInput);
  const { xs, ys } = noiseBatch(batch);
  const weights = trainedWeights(model);
  const loss = (): tf.Scalar => crossEntropy(ys, logitsOf(model, xs, { training: true }));
  const variant = stepOptimizers.get(optimizer)!.variant?.();
  const trained = variant === undefined ? base() : sharpnessAware(base(), variant);
  const alone = base(); // it never updates, so it has no variables that the step would meet
  let plainGradients = 0;
  return {
    engine: `TensorFlow.js ${tf.version_core}, ${tf.getBackend()}`,
    async step() {
      plainGradients++;
      return read(trained.minimize(loss, true, weights)!);
    },
    async gradient() {
      const { value, grads } = alone.computeGradients(loss, weights);
      tf.dispose(grads);
      return read(value);
    },
    renew: () =>
      tf.tidy(() => {
        for (const weight of weights) weight.assign(tf.mul(weight, 1));
      }),
    gradients: () =>
      variant === undefined ? plainGradients : (trained as SharpnessAwareOptimizer).gradientEvaluations,
  };
}

async function read(loss: tf.Scalar): Promise<number> {
  const [value] = await loss.data();
  loss.dispose();
  return value!;
}
