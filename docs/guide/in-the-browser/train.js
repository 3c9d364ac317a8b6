import { sam } from '@flatmin/sam';
import { sharpnessAware } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs';

/** Learns y = 2x − 1 from four points, and says what y is at 10. */
export async function train() {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({
    optimizer: sharpnessAware(tf.train.momentum(0.05, 0.9), sam({ rho: 0.05 })),
    loss: 'meanSquaredError',
  });
  const xs = tf.tensor2d([[-1], [0], [1], [2]]);
  const ys = tf.tensor2d([[-3], [-1], [1], [3]]);
  await model.fit(xs, ys, { epochs: 100, verbose: 0 });
  const [y] = await model.predict(tf.tensor2d([[10]])).data();
  return `y(10) is about ${Math.round(y)} on ${tf.getBackend()}`;
}
