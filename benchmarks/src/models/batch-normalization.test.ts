import { availability, engines } from '@flatmin/engines';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { useBackend } from '../backends.ts';
import { batchNormalization } from './batch-normalization.ts';

const here = (await availability())
  .filter(({ available, name }) => available && name !== 'webgpu')
  .map(({ name }) => name);

/** Our layer, and that of TensorFlow.js, with the same γ and β. */
function twins() {
  const pair = [batchNormalization(), layers.batchNormalization({ momentum: 0.9 })] as const;
  for (const layer of pair) {
    layer.build([null, 4, 4, 3]);
    const [, , mean, variance] = layer.getWeights();
    layer.setWeights([tf.tensor1d([1, -2, 0.5]), tf.tensor1d([0.1, 0.2, -3]), mean!, variance!]);
  }
  return pair;
}

const images = () => tf.add(tf.mul(tf.randomNormal([5, 4, 4, 3], 0, 1, 'float32', 7), [1, 10, 0.1]), [0, 5, -1]);
const flat = (tensors: readonly tf.Tensor[]) => tensors.flatMap((tensor) => [...tensor.dataSync()]);

function expectClose(found: readonly number[], expected: readonly number[]) {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(found[i]! - value)).toBeLessThan(2e-5 * (1 + Math.abs(value)));
}

describe.each(here)('batch normalisation on %s', (engine) => {
  test('normalises as the layer of TensorFlow.js does, and moves its statistics alike', async () => {
    await useBackend(engine);
    const [ours, theirs] = twins();
    for (const training of [true, true, false]) {
      const x = images();
      expectClose(flat([ours.apply(x, { training }) as tf.Tensor]), flat([theirs.apply(x, { training }) as tf.Tensor]));
      expectClose(flat(ours.getWeights()), flat(theirs.getWeights()));
    }
  });

  test('has the gradients of the layer of TensorFlow.js, for images, γ and β', async () => {
    await useBackend(engine);
    const factors = tf.randomNormal([5, 4, 4, 3], 0, 1, 'float32', 8);
    for (const training of [true, false]) {
      const [ours, theirs] = twins().map((layer) => {
        const x = tf.variable(images());
        const loss = () => tf.sum(tf.mul(layer.apply(x, { training }) as tf.Tensor, factors)) as tf.Scalar;
        const weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
        const { grads } = tf.variableGrads(loss, [x, ...weights]);
        return flat([x, ...weights].map(({ name }) => grads[name]!));
      });
      expectClose(ours!, theirs!);
    }
  });

  test('leaves no tensor behind', async () => {
    await useBackend(engine);
    const [layer] = twins();
    const x = tf.variable(images());
    const step = () => {
      const { value, grads } = tf.variableGrads(
        () => tf.sum(layer.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
        [x],
      );
      tf.dispose([value, grads]);
    };
    step();
    const before = tf.memory().numTensors;
    step();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('it is tested on all engines that this machine can train with', () => {
  expect(here).toEqual(expect.arrayContaining(['wasm', 'cpu']));
  expect([...engines.keys()]).toEqual(expect.arrayContaining(here));
});
