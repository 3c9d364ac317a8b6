// The time of one step of training: convolutions 3×3 'same' with ReLU, a pool after every second, a dense layer of 10,
// images 28×28×1, batch 64, momentum. Run by `npm run bench -w @flatmin/wasm-training`.
import { registerTrainingKernels } from '@flatmin/wasm-training';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
// Brings the gradients of TensorFlow.js.
import * as layers from '@tensorflow/tfjs-layers';
import { race } from './race.mjs';

registerTrainingKernels();
await tf.setBackend('wasm');

function network(widths) {
  const model = layers.sequential();
  widths.forEach((filters, index) => {
    const shape = index === 0 ? { inputShape: [28, 28, 1] } : {};
    model.add(layers.layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', ...shape }));
    if (index % 2 === 1) model.add(layers.layers.maxPooling2d({ poolSize: 2, strides: 2 }));
  });
  model.add(layers.layers.flatten());
  model.add(layers.layers.dense({ units: 10 }));
  return model;
}

const images = tf.randomUniform([64, 28, 28, 1]);
const labels = tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10);
for (const widths of [
  [16, 16, 32, 32],
  [32, 32, 64, 64],
]) {
  const model = network(widths);
  const optimizer = tf.train.momentum(0.01, 0.9);
  const step = () =>
    optimizer.minimize(() => tf.losses.softmaxCrossEntropy(labels, model.apply(images)), true).dispose();
  race(`training step, convolutions of ${widths.join(', ')}`, { ours: step }, 15);
}
