import { sam } from '@flatmin/sam';
import { sharpnessAware } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { batches, crossEntropies, dataset, momentum, network, rho } from '../../tools/test-engines/problem.mjs';

/** How many tensors steps leave behind, once the first ones have made what an optimizer keeps. */
export async function leftBehind() {
  return (await leftByFit()) + (await leftByMinimize());
}

async function leftByFit() {
  const { xs, ys } = dataset();
  const model = network();
  model.compile({ optimizer: optimizer(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return growth(() => model.fit(xs, ys, { batchSize: 16, verbose: 0 }));
}

async function leftByMinimize() {
  const [model, data, wrapped] = [network(), batches(dataset()), optimizer()];
  return growth(() => {
    for (const batch of data) wrapped.minimize(() => tf.mean(crossEntropies(model, batch)));
  });
}

const optimizer = () => sharpnessAware(momentum(), sam({ rho }));

/** How many tensors more there are after the second time than after the first. */
async function growth(epoch) {
  await epoch();
  const { numTensors } = tf.memory();
  await epoch();
  return tf.memory().numTensors - numTensors;
}
