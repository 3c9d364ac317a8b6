import { accumulate, sharded, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { trainer } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { climb, lookingBack, selective } from './testing/needy-variants.ts';
import { onTensors, samples, tensorsOf } from './testing/regression.ts';

const numbers = (t: tf.Tensor): number[] => Array.from(t.dataSync());

/** ℓᵢ = (w − xᵢ)², and whatever else a test wants done at each evaluation. */
function problem(variant: Variant, microBatchSize: number, also: (xs: tf.Tensor) => void = () => {}) {
  const w = tf.variable(tf.scalar(2));
  const losses = (xs: tf.Tensor): tf.Tensor => {
    also(xs);
    return tf.square(tf.sub(w, xs));
  };
  return { w, loop: trainer({ base: tf.train.adam(0.1), variant, losses, variables: [w], microBatchSize }) };
}

describe.each(engines)('micro-batches on %s', (engine) => {
  beforeEach(() => use(engine));

  it.each([
    sam({ rho: 0.5 }),
    selective(0.5, 3),
    sharded(climb(0.5), 2),
    sharded(selective(0.5, 2), 2),
    lookingBack(0.5),
    accumulate(2, climb(0.5)),
  ])('are the whole batch up to rounding: $name', async (variant) => {
    const batches = fc.sample(samples(7), { numRuns: 4, seed: 1 }).map(tensorsOf);
    const train = async (options: object): Promise<(readonly [loss: number, weights: number[]])[]> => {
      const { variables, weights, losses } = onTensors();
      const loop = trainer({ base: tf.train.momentum(0.05, 0.9), variant, losses, variables, ...options });
      const trace: (readonly [number, number[]])[] = [];
      for (const batch of batches) trace.push([(await loop.step(batch)).loss, weights()]);
      return trace;
    };
    const whole = await train({});
    for (const microBatchSize of [7, 100]) expect(await train({ microBatchSize })).toEqual(whole);
    for (const microBatchSize of [1, 3, 6]) {
      for (const [i, [loss, weights]] of (await train({ microBatchSize })).entries()) {
        expect(loss).toBeCloseTo(whole[i]![0], 4);
        for (const [j, x] of weights.entries()) expect(x).toBeCloseTo(whole[i]![1][j]!, 4);
      }
    }
  });

  it('have at most so many samples each, and nearly the same number', async () => {
    const sizes = (count: number, microBatchSize: number): Promise<number[]> => {
      const seen: number[] = [];
      const { loop } = problem(climb(0.1), microBatchSize, ({ size }) => seen.push(size));
      return loop.step(tf.ones([count])).then(() => seen);
    };
    expect(await sizes(7, 3)).toEqual([2, 2, 3, 2, 2, 3]);
    expect(await sizes(8, 7)).toEqual([4, 4, 4, 4]);
    expect(await sizes(3, 1)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('have their side effects once each; every evaluation of one starts where its first did', async () => {
    const counted = async (variant: Variant) => {
      const calls = tf.variable(tf.scalar(0), false);
      const seen: string[] = [];
      const { loop } = problem(variant, 2, (x) => {
        seen.push(`${numbers(calls)} of ${numbers(x)}`);
        calls.assign(tf.add(calls, 1));
      });
      await loop.step(tf.tensor1d([0, 1, -1, 3]));
      return [...seen, numbers(calls)[0]];
    };
    const both = ['0 of 0,1', '1 of -1,3'];
    expect(await counted(sam({ rho: 0.1 }))).toEqual([...both, ...both, 2]);
    expect(await counted(lookingBack(0.1))).toEqual(['0 of 0,1', '0 of -1,3', ...both, 2]);
    // Losses are asked for in micro-batches too; two samples of the four are one.
    expect(await counted(selective(0.1, 2))).toEqual([...both, ...both, '0 of 0,-1', 2]);
    expect(await counted(sharded(climb(0.1), 2))).toEqual([...both, ...both, 2]);
  });

  it('have dropout masks of their own, the same in all evaluations of a step', async () => {
    const masks: string[] = [];
    const { loop } = problem(sharded(climb(0.1), 2), 2, () => {
      masks.push(String(numbers(tf.dropout(tf.ones([100]), 0.5))));
    });
    for (let step = 0; step < 2; step++) await loop.step(tf.tensor1d([0, 1, -1, 3, 2, 2, 2]));
    const [first, second, third, fourth] = [0, 4, 8, 12].map((begin) => masks.slice(begin, begin + 4));
    expect([masks.length, new Set(masks).size]).toEqual([16, 8]);
    expect([second, fourth]).toEqual([first, third]);
  });

  it('of some of the samples have the dropout masks of those of all, by their place', async () => {
    const masks: string[] = [];
    const { loop } = problem(selective(0.1, 3), 2, () => {
      masks.push(String(numbers(tf.dropout(tf.ones([100]), 0.5))));
    });
    await loop.step(tf.tensor1d([0, 1, -1, 3, 2, 2]));
    const all = masks.slice(0, 3);
    expect([masks.length, new Set(all).size]).toEqual([8, 3]);
    expect(masks.slice(3)).toEqual([...all, all[0], all[1]]);
  });

  it('leave nothing behind when any of a step’s evaluations throws', async () => {
    const variants = [climb(0.1), selective(0.1, 3), sharded(selective(0.1, 1), 2)];
    for (const variant of variants) {
      const calls = tf.variable(tf.scalar(0), false);
      let until = Number.POSITIVE_INFINITY;
      let runs = 0;
      const { w, loop } = problem(variant, 1, () => {
        runs++;
        // TensorFlow.js leaves behind what it saved for the gradients of operations before an error.
        if (--until === 0) throw new Error('no such batch');
        calls.assign(tf.add(calls, 1));
      });
      const x = tf.tensor1d([0, 1, -1, 3]);
      await loop.step(x);
      const before = [w, calls].map(numbers);
      const { numTensors } = tf.memory();
      for (let failing = runs; failing > 0; failing--) {
        until = failing;
        await expect(loop.step(x)).rejects.toThrow('no such batch');
        expect([w, calls].map(numbers)).toEqual(before);
        expect(tf.memory().numTensors).toBe(numTensors);
      }
      until = Number.POSITIVE_INFINITY;
      await loop.step(x);
      expect(tf.memory().numTensors).toBe(numTensors);
    }
  });

  it('see the statistics of BatchNorm over themselves alone, which move once for each', async () => {
    const layer = tfl.layers.batchNormalization({ inputShape: [1], momentum: 0.5 });
    const model = tfl.sequential({ layers: [layer] });
    const w = tf.variable(tf.scalar(1));
    const seen: number[][] = [];
    const loop = trainer({
      base: tf.train.sgd(0.1),
      variant: climb(0.1),
      losses: (xs: tf.Tensor) => {
        const normal = tf.reshape(model.apply(xs, { training: true }) as tf.Tensor, [-1]);
        seen.push(numbers(normal).map(Math.round));
        return tf.mul(w, normal);
      },
      variables: [w],
      microBatchSize: 2,
    });
    await loop.step(tf.tensor2d([[0], [2], [10], [30]]));
    const both = [
      [-1, 1],
      [-1, 1],
    ];
    expect(seen).toEqual([...both, ...both]);
    // From 0: half the way to 1, the mean of the first, then half the way to 20.
    expect(numbers(model.getWeights()[2]!)[0]).toBeCloseTo(10.25, 4);
  });

  it.each([sam(), selective(0.05, 20)])('need the memory of a small batch: $name', async (variant) => {
    const peak = async (options: object): Promise<number> => {
      const w = tf.variable(tf.ones([20, 20]));
      let bytes = 0;
      const losses = (xs: tf.Tensor): tf.Tensor => {
        let hidden = xs as tf.Tensor2D;
        for (let layer = 0; layer < 5; layer++) hidden = tf.tanh(tf.matMul(hidden, w as unknown as tf.Tensor2D));
        bytes = Math.max(bytes, tf.memory().numBytes);
        return tf.mean(hidden, 1);
      };
      const loop = trainer({ base: tf.train.sgd(0.1), variant, losses, variables: [w], ...options });
      const xs = tf.ones([500, 20]);
      const before = tf.memory().numBytes;
      await loop.step(xs);
      tf.dispose(xs);
      return bytes - before;
    };
    // A twentieth of the activations, and what is of the size of the weights.
    expect(await peak({ microBatchSize: 25 })).toBeLessThan((await peak({})) / 8);
  });
});

describe('the size of micro-batches', () => {
  it.each([0, 1.5, '8', Number.POSITIVE_INFINITY])('is refused where it makes no sense: %s', (microBatchSize) => {
    expect(() => problem(sam(), microBatchSize as number)).toThrow(
      `trainer: microBatchSize is ${typeof microBatchSize === 'string' ? '"8"' : microBatchSize}; give an integer of at least 1.`,
    );
  });
});
