import { define, evaluate, NonFiniteError, read, sharded, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware, trainer } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { climb, lookingBack, selective } from './testing/needy-variants.ts';

const numbers = (t: tf.Tensor): number[] => Array.from(t.dataSync());

/** ℓᵢ = (w − xᵢ)², and whatever else a test wants done at each evaluation. */
function problem(variant: Variant, also: (xs: tf.Tensor) => void = () => {}, base: tf.Optimizer = tf.train.sgd(0.1)) {
  const w = tf.variable(tf.scalar(2));
  const losses = (xs: tf.Tensor): tf.Tensor => {
    also(xs);
    return tf.square(tf.sub(w, xs));
  };
  return { w, loop: trainer({ base, variant, losses, variables: [w], nonFinite: 'skip' }) };
}

/** Asks for the batch before when that of now has had its side effects. */
const lookingBackLate = (): Variant =>
  define({
    name: 'looking-back-late',
    needs: ['previousBatch'],
    *step({ weights: w }) {
      const { gradient } = yield* evaluate(w);
      yield* evaluate(w, { batch: 'previous' });
      return { direction: gradient };
    },
  });

/** With how often each runs the losses in a step. */
const needy: readonly (readonly [number, Variant])[] = [
  [3, selective(0.1, 2)],
  [4, sharded(climb(0.1), 2)],
  [6, sharded(selective(0.1, 1), 2)],
  [2, lookingBack(0.1)],
];

describe.each(engines)('the side effects of a step of the trainer on %s', (engine) => {
  beforeEach(() => use(engine));
  const xs = () => tf.tensor1d([0, 1, -1, 3]);

  it('happen once for the batch, or once for each of its parts: each evaluation starts where its part’s first did', async () => {
    const counted = async (variant: Variant) => {
      const calls = tf.variable(tf.scalar(0), false);
      const seen: string[] = [];
      const { loop } = problem(variant, (x) => {
        seen.push(`${numbers(calls)} of ${numbers(x)}`);
        calls.assign(tf.add(calls, 1));
      });
      await loop.step(xs());
      return [...seen, numbers(calls)[0]];
    };
    expect(await counted(selective(0.1, 2))).toEqual(['0 of 0,1,-1,3', '0 of 0,1,-1,3', '0 of 0,-1', 1]);
    expect(await counted(sharded(climb(0.1), 2))).toEqual(['0 of 0,1', '1 of -1,3', '0 of 0,1', '1 of -1,3', 2]);
    expect(await counted(lookingBack(0.1))).toEqual(['0 of 0,1,-1,3', '0 of 0,1,-1,3', 1]);
    expect(await counted(lookingBackLate())).toEqual(['0 of 0,1,-1,3', '0 of 0,1,-1,3', 1]);
  });

  it('are the same dropout masks for all evaluations of a part, and others for each part and step', async () => {
    const masks: string[] = [];
    const { loop } = problem(sharded(climb(0.1), 2), () => {
      masks.push(String(numbers(tf.dropout(tf.ones([100]), 0.5))));
    });
    for (let step = 0; step < 2; step++) await loop.step(xs());
    const [a, b, a2, b2, c, d, c2, d2] = masks;
    expect([a2, b2, c2, d2]).toEqual([a, b, c, d]);
    expect(new Set(masks).size).toBe(4);
  });

  it('are dropout masks of its own for the batch before', async () => {
    const masks: string[] = [];
    const { loop } = problem(lookingBack(0.1), () => {
      masks.push(String(numbers(tf.dropout(tf.ones([100]), 0.5))));
    });
    for (let step = 0; step < 2; step++) await loop.step(xs());
    expect([masks.length, new Set(masks).size]).toEqual([4, 4]);
  });

  it.each(needy)('leave nothing when any of the %i evaluations of a step throws', async (runs, variant) => {
    for (let failing = 1; failing <= runs; failing++) {
      const calls = tf.variable(tf.scalar(0), false);
      let until = Number.POSITIVE_INFINITY;
      const counting = (): void => {
        // TensorFlow.js leaves behind what it saved for the gradients of operations before an error.
        if (--until === 0) throw new Error('no such batch');
        calls.assign(tf.add(calls, 1));
      };
      const { w, loop } = problem(variant, counting, tf.train.adam(0.1));
      const [x, twin] = [xs(), problem(variant, () => {}, tf.train.adam(0.1))];
      await loop.step(x);
      const before = [w, calls].map(numbers);
      const { numTensors } = tf.memory();
      until = failing;
      await expect(loop.step(x)).rejects.toThrow('no such batch');
      expect([w, calls].map(numbers)).toEqual(before);
      expect(tf.memory().numTensors).toBe(numTensors);
      await loop.step(x);
      for (let i = 0; i < 2; i++) await twin.loop.step(x);
      expect(numbers(w)).toEqual(numbers(twin.w));
    }
  });

  it('are taken back when a step is skipped, and the batch before stays the one before', async () => {
    const seen: number[][] = [];
    const calls = tf.variable(tf.scalar(0), false);
    const { w, loop } = problem(lookingBack(0.1), (x) => {
      seen.push(numbers(x));
      calls.assign(tf.add(calls, 1));
    });
    const reports = [];
    for (const x of [[1], [Number.NaN], [3]]) reports.push(await loop.step(tf.tensor1d(x)));
    expect(seen).toEqual([[1], [1], [1], [Number.NaN], [1], [3]]);
    expect(reports[1]).toMatchObject({ samples: 1, skipped: 'the loss of evaluation 2 is not finite' });
    expect([numbers(calls)[0], loop.steps, loop.skipped, loop.gradientEvaluations]).toEqual([2, 2, 1, 6]);
    const twin = problem(lookingBack(0.1));
    for (const x of [[1], [3]]) await twin.loop.step(tf.tensor1d(x));
    expect(numbers(w)).toEqual(numbers(twin.w));
  });

  it('are those of a loss that is not finite: an error by default', async () => {
    const w = tf.variable(tf.scalar(2));
    const losses = (x: tf.Tensor) => tf.mul(w, x);
    const loop = trainer({ base: tf.train.sgd(0.1), variant: selective(0.1, 1), losses, variables: [w] });
    await expect(loop.step(tf.tensor1d([Number.NaN]))).rejects.toThrow(NonFiniteError);
    expect(numbers(w)).toEqual([2]);
  });
});

describe.each(engines)('while a step of the trainer runs on %s', (engine) => {
  beforeEach(() => use(engine));

  it('the model holds its own weights, whenever it is looked at', async () => {
    const { w, loop } = problem(sharded(selective(0.1, 1), 2));
    let over = false;
    const step = loop.step(tf.tensor1d([0, 1, -1, 3])).then(() => {
      over = true;
    });
    let looks = 0;
    for (; !over; looks++) {
      if (loop.steps === 0) expect(numbers(w)).toEqual([2]);
      await null;
    }
    await step;
    expect(looks).toBeGreaterThan(5);
    expect(numbers(w)).not.toEqual([2]);
  });

  it('another step is refused, and so is disposing; the step itself goes on', async () => {
    const [x, { w, loop }, twin] = [tf.tensor1d([0, 1]), problem(selective(0.1, 1)), problem(selective(0.1, 1))];
    const step = loop.step(x);
    await expect(loop.step(x)).rejects.toThrow('trainer: a step is still running; await it before the next step.');
    expect(() => loop.dispose()).toThrow('trainer: a step is still running; await it before disposing.');
    await step;
    await twin.loop.step(x);
    expect(numbers(w)).toEqual(numbers(twin.w));
    await loop.step(x);
    expect(loop.steps).toBe(2);
  });

  it('others may train other variables: a failing step does not take theirs back', async () => {
    const other = problem(selective(0.1, 1), () => {}, tf.train.adam(0.1));
    const hesitant = define({
      name: 'hesitant',
      *step({ math: { norm }, weights: w }) {
        const { gradient } = yield* evaluate(w);
        for (let i = 0; i < 100; i++) yield* read(norm(gradient));
        return { direction: (yield* evaluate(w)).gradient };
      },
    });
    let count = 0;
    const failing = problem(hesitant, () => {
      if (++count < 2) return;
      expect(other.loop.steps).toBe(1);
      throw new Error('no such batch');
    });
    const x = tf.tensor1d([0, 1]);
    await Promise.all([expect(failing.loop.step(x)).rejects.toThrow('no such batch'), other.loop.step(x)]);
    const twin = problem(selective(0.1, 1), () => {}, tf.train.adam(0.1));
    await twin.loop.step(x);
    expect(numbers(other.w)).toEqual(numbers(twin.w));
  });

  it('a base that is itself sharpness-aware gives the losses of its first evaluation, at the weights', async () => {
    const seen: number[][] = [];
    const watching = define({
      name: 'watching',
      needs: ['perSample'],
      *step({ weights: w }) {
        const { gradient, losses = [] } = yield* evaluate(w, { losses: true });
        seen.push([...losses]);
        return { direction: gradient };
      },
    });
    const { loop } = problem(watching, () => {}, sharpnessAware(tf.train.sgd(0.1), sam({ rho: 1 })));
    const x = tf.tensor1d([0, 1]);
    const { numTensors } = tf.memory();
    await loop.step(x);
    expect(seen).toEqual([[4, 1]]);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(loop.gradientEvaluations).toBe(2);
  });
});
