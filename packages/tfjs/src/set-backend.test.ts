import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../tree/src/testing/cases.ts';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { memory } from './testing/memory.ts';

const engine = fc.constantFrom(...engines);
/** The backend before the step, that which an evaluation sets, and whether that evaluation throws. */
const steps = fc.array(
  fc.record({ before: engine, within: engine, at: fc.integer({ min: 1, max: 3 }), throws: fc.boolean() }),
  { minLength: 1, maxLength: 5 },
);

function world() {
  const weights = tf.tidy(() => [tf.variable(tf.tensor1d([3, -4, 0.1])), tf.variable(tf.scalar(0.5))]);
  const xs = tf.tensor1d([1, 2, 3]);
  return {
    weights,
    xs,
    optimizer: sharpnessAware(tf.train.momentum(0.05, 0.9), sam({ ascentSteps: 2 })),
    loss: () => tf.mean(tf.square(tf.sub(tf.mul(xs, weights[0]!), weights[1]!))) as tf.Scalar,
    numbers: () => weights.flatMap((weight) => Array.from(weight.dataSync())),
  };
}

describe('when the backend changes', () => {
  // Both are there before: setting one is then done at once, in the middle of a closure too.
  beforeAll(async () => {
    for (const name of engines) await use(name);
  });

  it('between steps or within one, the steps stay right, a step that fails moves no weight, and no data is lost', () => {
    fc.assert(
      fc.property(steps, (program) => {
        void tf.setBackend('cpu');
        const level = memory();
        const [moving, staying] = [world(), world()];
        for (const { before, within, at, throws } of program) {
          void tf.setBackend(before);
          const start = moving.numbers();
          let asked = 0;
          const loss = (): tf.Scalar => {
            if (++asked !== at) return moving.loss();
            if (throws) {
              void tf.setBackend(within);
              throw new Error('no such batch');
            }
            const value = moving.loss();
            void tf.setBackend(within);
            return value;
          };
          if (throws) {
            expect(() => moving.optimizer.minimize(loss, false, moving.weights)).toThrow('no such batch');
            expect(moving.numbers()).toEqual(start);
            continue;
          }
          moving.optimizer.minimize(loss, false, moving.weights);
          void tf.setBackend('cpu');
          staying.optimizer.minimize(staying.loss, false, staying.weights);
          const off = moving.numbers().map((x, i) => Math.abs(x - staying.numbers()[i]!));
          expect(Math.max(...off)).toBeLessThan(1e-5);
        }
        for (const { optimizer, weights, xs } of [moving, staying]) {
          optimizer.dispose();
          tf.dispose([weights, xs]);
        }
        // tf.train.momentum leaks a scalar of its own when disposed of: one each.
        const { numTensors, numDataBuffers } = memory();
        expect([numTensors, numDataBuffers]).toEqual([level.numTensors + 2, level.numDataBuffers + 2]);
      }),
      cases(50),
    );
  });
});
