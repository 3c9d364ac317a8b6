import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels } from './index.ts';
import { expectClose, randomValues, tensors, type Values } from './testing/run-kernel.ts';

const { layers: layer } = layers;

/** Convolutions of many kinds, and pooling of numbers below zero. */
function imageModel(): layers.Sequential {
  let seed = 0;
  const kernelInitializer = () => layers.initializers.glorotUniform({ seed: seed++ });
  const same = { padding: 'same', kernelInitializer: kernelInitializer() } as const;
  return layers.sequential({
    layers: [
      layer.conv2d({ ...same, inputShape: [12, 12, 2], filters: 6, kernelSize: 3 }),
      layer.maxPooling2d({ poolSize: 3, strides: 2 }),
      layer.batchNormalization(),
      layer.conv2d({ ...same, filters: 8, kernelSize: [3, 2], strides: 2, activation: 'relu' }),
      layer.depthwiseConv2d({
        kernelSize: 3,
        depthMultiplier: 2,
        depthwiseInitializer: kernelInitializer(),
        padding: 'same',
      }),
      layer.conv2dTranspose({ ...same, filters: 4, kernelSize: 3, strides: 2, activation: 'tanh' }),
      layer.flatten(),
      layer.dense({ units: 3, kernelInitializer: kernelInitializer(), activation: 'softmax' }),
    ],
  });
}

/** Words, by an embedding and a convolution along the text. */
function textModel(): layers.Sequential {
  const kernelInitializer = layers.initializers.glorotUniform({ seed: 1 });
  return layers.sequential({
    layers: [
      layer.embedding({ inputDim: 20, outputDim: 6, inputLength: 8, embeddingsInitializer: kernelInitializer }),
      layer.conv1d({ filters: 5, kernelSize: 3, kernelInitializer }),
      layer.globalMaxPooling1d({}),
      layer.dense({ units: 3, kernelInitializer, activation: 'softmax' }),
    ],
  });
}

const images = randomValues([16, 12, 12, 2], 1);
const words = { shape: [16, 8], values: Array.from({ length: 128 }, (_, k) => (k * k) % 20) };
const labels = { shape: [16, 3], values: Array.from({ length: 48 }, (_, k) => (k % 3 === (k / 3) % 3 ? 1 : 0)) };

/** The weights after some steps of `fit` on a backend, and the losses on the way. */
async function trained(backend: string, build: () => layers.Sequential, inputs: Values): Promise<Values[]> {
  await tf.setBackend(backend);
  const model = build();
  model.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: 'categoricalCrossentropy' });
  const { x, y } = tensors({ x: inputs, y: labels });
  const { history } = await model.fit(x!, y!, { epochs: 4, batchSize: 8, shuffle: false, verbose: 0 });
  const weights = model.getWeights().map((weight) => ({ shape: weight.shape, values: weight.dataSync() }));
  model.dispose();
  tf.dispose([x!, y!]);
  return [{ shape: [4], values: history['loss'] as number[] }, ...weights];
}

beforeAll(() => {
  registerTrainingKernels();
});

describe('training on wasm', () => {
  it.each([
    { what: 'a network of convolutions', build: imageModel, inputs: images },
    { what: 'a network with an embedding', build: textModel, inputs: words },
  ])('takes $what to the weights that the cpu backend finds', async ({ build, inputs }) => {
    const wanted = await trained('cpu', build, inputs);
    const got = await trained('wasm', build, inputs);
    got.forEach((values, k) => {
      expectClose(values, wanted[k]!);
    });
    const losses = Array.from(got[0]!.values);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it('leaves no tensor behind and needs no more memory in a hundred steps', async () => {
    await tf.setBackend('wasm');
    const [model, text] = [imageModel(), textModel()];
    const optimizer = tf.train.sgd(0.01);
    const { x, y, w } = tensors({ x: images, y: labels, w: words });
    const step = () => {
      optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y!, model.apply(x!) as tf.Tensor) as tf.Scalar);
      optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y!, text.apply(w!) as tf.Tensor) as tf.Scalar);
    };
    const backend = tf.backend() as BackendWasm;
    const memory = () => ({
      ...tf.memory(),
      dataIds: backend.numDataIds(),
      heap: backend.typedArrayFromHeap(x!).buffer.byteLength,
    });
    for (let k = 0; k < 3; k++) step();
    const before = memory();
    for (let k = 0; k < 100; k++) step();
    expect(memory()).toEqual(before);
  });

  it('leaves alone the data of inputs that a kernel is handed as bare information', async () => {
    await tf.setBackend('wasm');
    const inputs = tensors({ x: images, dy: randomValues([16, 12, 12, 4], 2) });
    const bare = Object.fromEntries(
      Object.entries(inputs).map(([name, { dataId, shape, dtype }]) => [name, { dataId, shape, dtype }]),
    );
    const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 2, 4] };
    const run = (given: tf.NamedTensorInfoMap) => {
      const { kernelFunc } = tf.getKernel('Conv2DBackpropFilter', 'wasm');
      const result = kernelFunc({ inputs: given, attrs, backend: tf.backend() }) as tf.Tensor;
      const values = result.dataSync();
      tf.dispose(result);
      return { shape: result.shape, values };
    };
    const before = tf.memory();
    const wanted = run(inputs);
    expectClose(run(bare), wanted);
    expectClose(run(bare), wanted);
    expect(tf.memory()).toEqual(before);
  });
});
