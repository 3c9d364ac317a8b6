import { sharded } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharpnessAware, weightDecay } from './index.ts';
import { use } from './testing/engines.ts';
import { classifier } from './testing/problems.ts';

beforeAll(() => use('cpu'));

describe('construction refuses, in one sentence,', () => {
  it('a variant that needs what one loss of one batch cannot give', () => {
    expect(() => sharpnessAware(tf.train.sgd(0.1), sharded(sam(), 2))).toThrow(
      'sharded-2-sam needs the parts of a batch one by one (shards), which is not offered here; TensorFlow.js gives an optimizer one loss of one batch; use trainer of @flatmin/tfjs.',
    );
  });

  it('what is no optimizer and no variant', () => {
    expect(() => sharpnessAware('sgd' as never, sam())).toThrow(
      'sharpnessAware: base is sgd; give an optimizer, such as tf.train.momentum(0.1, 0.9).',
    );
    expect(() => weightDecay(undefined as never, { rate: 1 })).toThrow('weightDecay: base is undefined');
    expect(() => sharpnessAware(tf.train.sgd(0.1), sam as never)).toThrow('sharpnessAware: variant is');
  });

  it('options that do not exist or make no sense', () => {
    const base = tf.train.sgd(0.1);
    expect(() => sharpnessAware(base, sam(), { rho: 1 } as never)).toThrow('there is no option rho');
    expect(() => sharpnessAware(base, sam(), { seed: 0.5 })).toThrow('seed is 0.5');
    expect(() => weightDecay(base, { rate: -1 })).toThrow(
      'weightDecay: rate is -1; give a finite number of at least 0.',
    );
    expect(() => weightDecay(base, { rate: 1, exclude: ['biases'] as never })).toThrow(
      'weightDecay: exclude is ["biases"]',
    );
    expect(() => weightDecay(base, { rate: 1, excluded: [] } as never)).toThrow('there is no option excluded');
  });
});

it('a selector that selects nothing is refused at the first step, the weights untouched', () => {
  const w = tf.variable(tf.scalar(1));
  const optimizer = sharpnessAware(tf.train.sgd(0.1), sam(), { perturb: ['gamma'] });
  expect(() => optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w])).toThrow(
    'sam: perturb selects none of the weights',
  );
  expect(w.dataSync()[0]).toBe(1);
});

it.each([
  ['a list of what is no variable', () => classifier().trainableWeights],
  ['a model', () => classifier()],
  ['a single variable', () => tf.variable(tf.scalar(1))],
])('in place of a list of variables, %s is refused', (_, make) => {
  const optimizer = sharpnessAware(tf.train.sgd(0.1), sam());
  expect(() => optimizer.minimize(() => tf.scalar(1), false, make() as never)).toThrow(
    'sharpnessAware: varList is no array of tf.Variable; give variables (for a layers model: model.trainableWeights.map((weight) => weight.read())) or leave it out.',
  );
});

it('a list of which no variable can be trained is refused', () => {
  const [frozen, counter] = [tf.variable(tf.scalar(1), false), tf.variable(tf.scalar(1, 'int32'))];
  const optimizer = sharpnessAware(tf.train.sgd(0.1), sam());
  expect(() => optimizer.minimize(() => tf.square(frozen) as tf.Scalar, false, [frozen, counter])).toThrow(
    'sharpnessAware: none of the 2 variables is trainable and of dtype float32; thaw a layer (layer.trainable = true) or give others.',
  );
});

it('a step within a step of the same optimizer is refused, the weights untouched', () => {
  const w = tf.variable(tf.scalar(1));
  const optimizer = sharpnessAware(tf.train.sgd(0.1), sam());
  const loss = () => tf.square(w) as tf.Scalar;
  const nested = (): tf.Scalar => {
    optimizer.minimize(loss, false, [w]);
    return loss();
  };
  expect(() => optimizer.minimize(nested, false, [w])).toThrow('a step is still running');
  expect(w.dataSync()[0]).toBe(1);
});

it('a gradient of no variable is refused, and the steps after go on as if it had not been given', () => {
  const [w, twin] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.tensor1d([3, 4]))];
  const [optimizer, untroubled] = [1, 2].map(() => sharpnessAware(tf.train.momentum(0.1, 0.9), sam()));
  expect(() => optimizer!.applyGradients({ nowhere: tf.ones([2]) })).toThrow(
    'applyGradients: the gradient of "nowhere" is of no variable that there is; give those that computeGradients returned.',
  );
  optimizer!.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]);
  untroubled!.minimize(() => tf.sum(tf.square(twin)) as tf.Scalar, false, [twin]);
  expect(w.dataSync()).toEqual(twin.dataSync());
});

it('an optimizer that was disposed of says so', () => {
  const w = tf.variable(tf.scalar(1));
  const loss = () => tf.square(w) as tf.Scalar;
  for (const optimizer of [sharpnessAware(tf.train.adam(0.1), sam()), weightDecay(tf.train.adam(0.1), { rate: 0.1 })]) {
    optimizer.minimize(loss, false, [w]);
    const before = w.dataSync()[0];
    optimizer.dispose();
    expect(() => optimizer.minimize(loss, false, [w])).toThrow('the optimizer was disposed of; make a new one.');
    expect(() => optimizer.applyGradients({ [w.name]: tf.scalar(1) })).toThrow('was disposed of; make a new one.');
    expect(w.dataSync()[0]).toBe(before);
  }
});
