import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';

describe.each(engines)('model.fit on %s', (engine) => {
  beforeEach(() => use(engine));
  it('smokes', async () => {
    const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 4, inputShape: [3], activation: 'tanh' }), tfl.layers.batchNormalization(), tfl.layers.dropout({rate: .5}), tfl.layers.dense({ units: 2, activation: 'softmax' })] });
    model.compile({ optimizer: sharpnessAware(tf.train.momentum(0.1, 0.9), sam({ rho: 0.05 })), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const xs = tf.randomNormal([32, 3]), ys = tf.oneHot(tf.mod(tf.range(0, 32, 1, 'int32'), tf.scalar(2, 'int32')) as tf.Tensor1D, 2);
    const h = await model.fit(xs, ys, { epochs: 3, batchSize: 8, verbose: 0 });
    console.log(h.history);
    console.log(await model.trainOnBatch(xs, ys));
    const before = tf.memory();
    for (let i = 0; i < 5; i++) await model.fit(xs, ys, { epochs: 3, batchSize: 8, verbose: 0 });
    console.log(await model.trainOnBatch(xs, ys));
    console.log(before, tf.memory());
  });
});
