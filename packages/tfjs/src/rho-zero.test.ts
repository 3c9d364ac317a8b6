import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { bases, batch, classifier, compiled, weightsOf } from './testing/problems.ts';

// Apart from the others because it turns small gradients into NaN: it subtracts its epsilon under the root where
// it should add it (tfjs-core 4.22), so here it has none.
const centered = ['centered rmsprop', () => tf.train.rmsprop(0.01, 0.9, 0.5, 0, true)] as const;

describe.each(engines)('at rho = 0, on %s,', (engine) => {
  beforeEach(() => use(engine));

  it.each([...bases, centered])('SAM around %s is that optimizer, bit for bit', async (_, make) => {
    const { xs, ys } = batch();
    const plain = compiled(classifier(), make());
    const wrapped = compiled(classifier(), sharpnessAware(make(), sam({ rho: 0 })));
    for (let step = 0; step < 5; step++) {
      expect(await wrapped.trainOnBatch(xs, ys)).toEqual(await plain.trainOnBatch(xs, ys));
      expect(weightsOf(wrapped)).toEqual(weightsOf(plain));
      expect(weightsOf(wrapped).flat()).not.toContain(Number.NaN);
    }
  });
});
