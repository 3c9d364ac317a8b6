import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients of the operations
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from './backends.ts';
import { gradientEvaluations, optimizers } from './optimizers.ts';

beforeAll(() => useBackend('cpu'));

const settings = { learningRate: 0.1, momentum: 0.5, rho: 0.05 };

test.each([
  { name: 'sgd', law: 'v ← μv + g(w), w ← w − ηv', rho: 0 },
  { name: 'sam', law: 'v ← μv + g(w + ρ g/|g|), w ← w − ηv', rho: settings.rho },
])('$name follows $law', ({ name, rho }) => {
  const optimizer = optimizers.get(name)!.create(settings);
  const weight = tf.variable(tf.scalar(1));
  let [w, v] = [1, 0];
  for (let step = 0; step < 4; step++) {
    optimizer.minimize(() => tf.square(weight), false, [weight]);
    v = settings.momentum * v + 2 * (w + rho * Math.sign(w));
    w -= settings.learningRate * v;
    expect(weight.dataSync()[0]).toBeCloseTo(w, 6);
  }
  optimizer.dispose();
  weight.dispose();
});

test('an optimizer that counts its gradients is believed, another has one a step', () => {
  const plain = optimizers.get('sgd')!.create(settings);
  expect(gradientEvaluations(plain, 7)).toBe(7);
  expect(gradientEvaluations(Object.assign(plain, { gradientEvaluations: 14 }), 7)).toBe(14);
  plain.dispose();
});
