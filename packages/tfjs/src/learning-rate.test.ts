import { linear } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware, weightDecay } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { bases } from './testing/problems.ts';

const learningRate = linear({ from: 0.5, to: 0.1, steps: 4 });

describe.each(engines)('a schedule of the learning rate on %s', (engine) => {
  beforeEach(() => use(engine));

  it.each(bases)('sets that of %s when a step begins, wrappers between or not', (_, make) => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const loss = () => tf.sum(tf.square(w)) as tf.Scalar;
    for (const base of [make(), weightDecay(make(), { rate: 0 })]) {
      const optimizer = sharpnessAware(base, sam(), { learningRate });
      for (const eta of [0.5, 0.4, 0.3, 0.2, 0.1, 0.1]) {
        optimizer.minimize(loss, false, [w]);
        expect(optimizer.learningRate).toBeCloseTo(eta, 12);
      }
    }
  });

  it('is that by which the weights move, and waits while steps are skipped', () => {
    const w = tf.variable(tf.scalar(1));
    const optimizer = sharpnessAware(tf.train.sgd(9), sam({ rho: 0 }), { learningRate, nonFinite: 'skip' });
    const step = (slope: number): number => {
      const before = w.dataSync()[0]!;
      optimizer.minimize(() => tf.mul(w, slope) as tf.Scalar, false, [w]);
      return before - w.dataSync()[0]!;
    };
    const moves = [1, 1, Number.NaN, Number.NaN, 1].map(step);
    for (const [i, eta] of [0.5, 0.4, 0, 0, 0.3].entries()) expect(moves[i]).toBeCloseTo(eta, 6);
  });

  it('is refused where it makes no sense, when made or at the step at which it does', () => {
    const make = (options: object) => () => sharpnessAware(tf.train.sgd(0.1), sam(), options);
    expect(make({ learningRate: 'fast' })).toThrow('sharpnessAware: learningRate is "fast"');
    const w = tf.variable(tf.scalar(1));
    const optimizer = make({ learningRate: () => Number.NaN })();
    expect(() => optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w])).toThrow(
      'sharpnessAware: learningRate',
    );
    expect(w.dataSync()[0]).toBe(1);
  });

  it('is followed by a base of a class of its own too, which had none', () => {
    class Signs extends tf.Optimizer {
      learningRate?: number;
      override applyGradients(gradients: { name: string; tensor: tf.Tensor }[]): void {
        for (const { name, tensor } of gradients) {
          const variable = tf.engine().registeredVariables[name]!;
          tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(this.learningRate ?? 0, tf.sign(tensor)))));
        }
      }
      override getClassName(): string {
        return 'Signs';
      }
      override getConfig(): tf.serialization.ConfigDict {
        return {};
      }
    }
    const w = tf.variable(tf.scalar(1));
    expect(sharpnessAware(new Signs(), sam()).learningRate).toBe(0);
    const optimizer = sharpnessAware(new Signs(), sam(), { learningRate: 0.25 });
    optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w]);
    expect(w.dataSync()[0]).toBe(0.75);
  });
});
