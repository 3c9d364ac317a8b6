import { plain, type Variant } from '@flatmin/core';
import { availability } from '@flatmin/engines';
import { sam } from '@flatmin/sam';
import { type SharpnessAwareOptions, sharpnessAware } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients of the operations
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { useBackend } from './backends.ts';
import { noiseBatch, noiseInput } from './bench-step/noise-batch.ts';
import { stepOptimizers } from './bench-step/step-optimizers.ts';
import { crossEntropy, logitsOf, models, trainedWeights } from './models/model.ts';
import { peakBytes } from './testing/peak-bytes.ts';

const here = (await availability()).filter(({ available }) => available).map(({ name }): string => name);
const engines = ['wasm', 'tensorflow', 'cpu'].filter((name) => here.includes(name));

/** Where all leaves take one launch, and where each takes its own: a product and a sum, and to be joined for two norms. */
const mostLaunchesALeaf: Readonly<Record<string, number>> = { wasm: 0, tensorflow: 0, cpu: 2 };

/** The batch is small, so that what a step keeps is not lost beside what the network does. */
function network() {
  const model = models.get('mlp-64')!.build(noiseInput);
  const weights = trainedWeights(model);
  const { xs, ys } = noiseBatch(1);
  const loss = (): tf.Scalar => crossEntropy(ys, logitsOf(model, xs, { training: true }));
  return {
    weights,
    stepsWith(variant: Variant, options?: SharpnessAwareOptions) {
      const optimizer = sharpnessAware(tf.train.momentum(0.01, 0.9), variant, options);
      return () => void optimizer.minimize(loss, false, weights);
    },
  };
}

describe.each(engines)('on %s', (engine) => {
  beforeAll(() => useBackend(engine));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => {
    tf.engine().endScope();
    tf.disposeVariables();
  });

  test('beyond a plain step SAM holds one copy of the weights and one of the gradient at most', () => {
    const { weights, stepsWith } = network();
    const peakOf = (variant: Variant): number => {
      const step = stepsWith(variant);
      step();
      return peakBytes(step);
    };
    const copy = weights.reduce((bytes, { size }) => bytes + 4 * size, 0);
    const scalars = 200;
    const more = peakOf(sam()) - peakOf(plain());
    expect(more).toBeLessThanOrEqual(2 * copy + scalars);
    expect(more).toBeGreaterThan(copy);
  });

  test('what SAM launches beside its gradients grows by the same for each leaf, if at all', () => {
    const launchesOf = (f: () => void): number => {
      const launch = vi.spyOn(tf.engine(), 'runKernel');
      f();
      const { length } = launch.mock.calls;
      launch.mockRestore();
      return length;
    };
    const beside = (leaves: number): number => {
      const weights = Array.from({ length: leaves }, (_, k) => tf.variable(tf.tensor1d([k, 1])));
      const loss = (): tf.Scalar => tf.addN(weights.map((weight) => tf.sum(weight))) as tf.Scalar;
      const stepWith = (variant: Variant) =>
        launchesOf(() => void sharpnessAware(tf.train.sgd(0.1), variant).minimize(loss, false, weights));
      const gradient = launchesOf(() => void tf.variableGrads(loss, weights));
      const launches = stepWith(sam()) - stepWith(plain()) - gradient;
      tf.dispose(weights);
      return launches;
    };
    const [few, more, many] = [100, 200, 400].map(beside) as [number, number, number];
    expect(many - more).toBe(2 * (more - few));
    expect(more - few).toBeLessThanOrEqual(mostLaunchesALeaf[engine]! * 100);
  });
});

describe.each(engines.filter((name) => name !== 'cpu'))('on %s, whose tensors the host does not see', (engine) => {
  beforeAll(() => useBackend(engine));
  afterEach(() => vi.restoreAllMocks());

  test.each([...stepOptimizers].filter(([, { variant }]) => variant))(
    'a step of %s reads one number, and none where nothing is to be looked for',
    (_, { variant }) => {
      const { stepsWith } = network();
      const [careful, careless] = [stepsWith(variant!()), stepsWith(variant!(), { nonFinite: 'ignore' })];
      const read = vi.spyOn(tf.backend(), 'readSync');
      careful();
      expect(read).toHaveBeenCalledTimes(1);
      careless();
      expect(read).toHaveBeenCalledTimes(1);
      tf.disposeVariables();
    },
  );
});
