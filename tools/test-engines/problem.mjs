// What every engine trains, and how far it may be from the cpu engine.
import { sam } from '@flatmin/sam';
import { sharpnessAware, trainer } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, metrics, sequential } from '@tensorflow/tfjs-layers';

/** How far weights may be from those of `cpu` after the last step, in parts of the way that training took them. */
export const TOLERANCE = 1e-4;

/** The engines on which the same training must give the same bits twice; on the others it is told. */
export const EXACT = ['cpu', 'wasm'];

/** What an engine cannot do by its nature, with the words in which it says so. */
export const CANNOT = [
  // `fit` and `minimize` have to read a number without waiting; WebGPU does that by way of a canvas, which Node lacks.
  { engine: 'webgpu', ways: ['fit', 'minimize'], error: 'OffscreenCanvas is not defined' },
];

const [IMAGES, SIDE, CLASSES, BATCH, EPOCHS] = [48, 9, 3, 16, 2];
export const rho = 0.05;

/** Images of noise with a bright third: upper, middle or lower. */
export function dataset() {
  let state = 1;
  const noise = () => {
    state = (1103515245 * state + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const labels = Array.from({ length: IMAGES }, (_, image) => image % CLASSES);
  const pixels = labels.flatMap((label) =>
    Array.from({ length: SIDE * SIDE }, (_, pixel) => {
      const bright = Math.floor((CLASSES * pixel) / (SIDE * SIDE)) === label;
      return (bright ? 0.5 : 0) + noise();
    }),
  );
  return { xs: tf.tensor4d(pixels, [IMAGES, SIDE, SIDE, 1]), ys: tf.cast(tf.oneHot(labels, CLASSES), 'float32') };
}

/** Convolutions, normalisation, pooling and a dense layer; initial weights are drawn in JavaScript, alike on every engine. */
export function network() {
  const kernelInitializer = (seed) => initializers.heUniform({ seed });
  const conv = { kernelSize: 3, padding: 'same' };
  return sequential({
    layers: [
      layers.conv2d({ ...conv, inputShape: [SIDE, SIDE, 1], filters: 4, kernelInitializer: kernelInitializer(1) }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...conv, filters: 8, activation: 'relu', kernelInitializer: kernelInitializer(2) }),
      layers.flatten(),
      layers.dense({ units: CLASSES, activation: 'softmax', kernelInitializer: kernelInitializer(3) }),
    ],
  });
}

export const momentum = () => tf.train.momentum(0.02, 0.9);

export const batches = ({ xs, ys }) =>
  Array.from({ length: (EPOCHS * IMAGES) / BATCH }, (_, step) => {
    const from = (step * BATCH) % IMAGES;
    return { xs: tf.slice(xs, from, BATCH), ys: tf.slice(ys, from, BATCH) };
  });

export const crossEntropies = (model, { xs, ys }) =>
  metrics.categoricalCrossentropy(ys, model.apply(xs, { training: true }));

/** Each way to train: every one takes the same steps from the same weights, and returns the losses of epochs or of steps. */
const ways = {
  async fit(model, data) {
    model.compile({ optimizer: sharpnessAware(momentum(), sam({ rho })), loss: 'categoricalCrossentropy' });
    const options = { batchSize: BATCH, epochs: EPOCHS, shuffle: false, verbose: 0 };
    return (await model.fit(data.xs, data.ys, options)).history.loss;
  },
  async minimize(model, data) {
    const optimizer = sharpnessAware(momentum(), sam({ rho }));
    const losses = [];
    for (const batch of batches(data)) {
      const loss = optimizer.minimize(() => tf.mean(crossEntropies(model, batch)), true);
      losses.push((await loss.data())[0]);
    }
    return losses;
  },
  async trainer(model, data) {
    const losses = (batch) => crossEntropies(model, batch);
    const loop = trainer({ base: momentum(), variant: sam({ rho }), losses });
    const history = [];
    for (const batch of batches(data)) history.push((await loop.step(batch)).loss);
    return history;
  },
};

/** The names of the ways. */
export const wayNames = Object.keys(ways);

/** Trains once on the engine in use: all weights before and after, and the losses. */
export async function train(way) {
  const [model, data] = [network(), dataset()];
  const before = await weightsOf(model);
  const losses = await ways[way](model, data);
  const after = await weightsOf(model);
  model.dispose();
  return { before, after, losses };
}

async function weightsOf(model) {
  const all = await Promise.all(model.getWeights().map((weight) => weight.data()));
  return all.flatMap((values) => Array.from(values));
}
