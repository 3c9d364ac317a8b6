// The time of one step of training: the networks of network.mjs, images 28×28×1, batch 64, momentum; with the kernels that
// are composed of the backend's operations, with our own, and with our own relaxed, in turns.
// Run by `npm run bench -w @flatmin/wasm-training`.
import { registerTrainingKernels, unregisterTrainingKernels } from '@flatmin/wasm-training';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { network, networks } from './network.mjs';
import { race } from './race.mjs';

await tf.setBackend('wasm');

const images = tf.randomUniform([64, 28, 28, 1]);
const labels = tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10);

/** A step of training with the kernels that these options register. */
function stepWith(options, model) {
  const optimizer = tf.train.momentum(0.01, 0.9);
  const loss = () => tf.losses.softmaxCrossEntropy(labels, model.apply(images));
  return {
    before: () => {
      unregisterTrainingKernels();
      registerTrainingKernels(options);
    },
    run: () => optimizer.minimize(loss, true).dispose(),
  };
}

for (const [name, widths] of Object.entries(networks)) {
  const model = network(widths);
  race(
    `training step, ${name} (convolutions of ${widths.join(', ')})`,
    {
      composed: stepWith({ simd: false }, model),
      ours: stepWith({}, model),
      relaxed: stepWith({ relaxed: true }, model),
    },
    15,
  );
}
