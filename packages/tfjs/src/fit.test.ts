import { sam } from '@flatmin/sam';
import { data as tfData } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type FitOptions, type StepProgress, type TrainingData, trainer } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { lookingBack } from './testing/needy-variants.ts';

type Pair = { readonly xs: tf.Tensor; readonly ys: tf.Tensor };

/** A loop over (w − x)², and the batches that came by: their xs. */
function watched(variant = sam({ rho: 0 }), w = tf.variable(tf.scalar(0))) {
  const batches: number[][] = [];
  const losses = ({ xs, ys }: Pair): tf.Tensor => {
    expect(Array.from(ys.dataSync())).toEqual(Array.from(xs.dataSync(), (x) => 10 * x));
    batches.push(Array.from(xs.dataSync()));
    return tf.square(tf.sub(w, tf.reshape(xs, [-1])));
  };
  const loop = trainer({ base: tf.train.sgd(0.1), variant, losses, variables: [w], nonFinite: 'skip' });
  // SAM with rho = 0 sees each batch twice.
  return { w, loop, seen: () => batches.filter((_, i) => i % 2 === 0) };
}

const samples = (count: number): Pair => {
  const xs = tf.reshape(tf.range(0, count), [count, 1]);
  return { xs, ys: tf.cast(tf.mul(xs, 10), 'int32') };
};

const run = async (data: TrainingData<Pair>, options?: FitOptions) => {
  const { loop, seen, w } = watched();
  const history = await loop.fit(data, options);
  return { ...history, seen: seen(), w: w.dataSync()[0] };
};

const sorted = (numbers: number[]): number[] => [...numbers].sort((a, b) => a - b);

describe.each(engines)('fit of the trainer on %s', (engine) => {
  beforeEach(() => use(engine));

  it('cuts tensors into batches that have each sample once an epoch, in an order of each epoch’s own', async () => {
    const { seen } = await run(samples(10), { epochs: 2, batchSize: 4 });
    expect(seen.map((batch) => batch.length)).toEqual([4, 4, 2, 4, 4, 2]);
    const [one, two] = [seen.slice(0, 3).flat(), seen.slice(3).flat()];
    for (const epoch of [one, two]) expect(sorted(epoch)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(one).not.toEqual(two);
    expect(one).not.toEqual(sorted(one));
  });

  it('has the same orders for the same seed, others for another, and that of the samples without shuffling', async () => {
    const order = async (options: FitOptions) => (await run(samples(10), { epochs: 2, ...options })).seen;
    expect(await order({})).toEqual(await order({ seed: 0 }));
    expect(await order({ seed: 1 })).not.toEqual(await order({}));
    expect((await order({ seed: 1 }))[0]).not.toEqual((await order({}))[1]);
    expect(await order({ shuffle: false, batchSize: 6 })).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8, 9],
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8, 9],
    ]);
    expect((await order({ smallLastBatch: false, batchSize: 6 })).map((batch) => batch.length)).toEqual([6, 6]);
  });

  it('has every order of the samples sooner or later', async () => {
    const { seen } = await run(samples(3), { epochs: 60 });
    expect(new Set(seen.map(String)).size).toBe(6);
  });

  it('cuts a tensor, arrays and nested records too', async () => {
    const [x, y] = [tf.reshape(tf.range(0, 6), [3, 2]), tf.tensor1d([1, 0, 1], 'bool')];
    const w = tf.variable(tf.scalar(0));
    const shapes: string[] = [];
    const losses = (parts: readonly tf.Tensor[]): tf.Tensor => {
      shapes.push(parts.map(({ shape, dtype }) => `${dtype} [${shape}]`).join(', '));
      return tf.mul(w, tf.cast(parts[0]!, 'float32'));
    };
    const settings = { base: tf.train.sgd(1), variant: sam({ rho: 0 }), variables: [w] };
    const options = { batchSize: 2, shuffle: false };
    await trainer({ ...settings, losses }).fit([y, x], options);
    await trainer({ ...settings, losses: (t: tf.Tensor) => losses([t]) }).fit(y, options);
    await trainer({ ...settings, losses: (t: { in: { y: tf.Tensor }[] }) => losses([t.in[0]!.y]) }).fit(
      { in: [{ y }] },
      options,
    );
    const [one, two] = ['bool [2]', 'bool [1]'];
    const twice = ['bool [2], float32 [2,2]', 'bool [1], float32 [1,2]'].flatMap((shape) => [shape, shape]);
    expect(shapes).toEqual([...twice, one, one, two, two, one, one, two, two]);
  });

  it('takes batches of a list, a generator for each epoch, a Dataset: the same losses and weights', async () => {
    const parts = [[0, 1, 2], [3, 4, 5], [6]].map((x) => tf.tensor2d(x, [x.length, 1]));
    const batches = parts.map((xs): Pair => ({ xs, ys: tf.mul(xs, 10) }));
    const lines = [0, 1, 2, 3, 4, 5, 6].map((x) => ({ xs: [x], ys: [10 * x] }));
    const dataset = tfData.array(lines).batch(3);
    const expected = await run(samples(7), { epochs: 2, batchSize: 3, shuffle: false });
    async function* slowly() {
      for (const batch of batches) {
        await tf.nextFrame();
        yield batch;
      }
    }
    const sources = [
      batches,
      new Set(batches),
      () => batches.values(),
      slowly,
      async () => slowly(),
      () => batches,
      dataset,
    ];
    for (const source of [...sources, () => dataset]) {
      expect(await run(source, { epochs: 2 })).toEqual(expected);
    }
    expect(expected.loss).toHaveLength(2);
  });

  it('weighs each sample alike in the mean loss of an epoch, and leaves skipped steps out', async () => {
    const still = trainer({
      base: tf.train.sgd(0),
      variant: sam(),
      losses: (x: tf.Tensor) => tf.mul(w, x),
      nonFinite: 'skip',
    });
    const w = tf.variable(tf.scalar(1));
    expect((await still.fit(tf.tensor1d([1, 2, 3, 10]), { batchSize: 3 })).loss[0]).toBeCloseTo(4, 5);
    const { loss } = await still.fit(() => [[1, 2], [Number.NaN], [6]].map((x) => tf.tensor1d(x)));
    expect([loss[0], still.skipped]).toEqual([3, 1]);
    w.dispose();
  });

  it('frees what it made and the batches of a Dataset, whatever happens, and nothing else', async () => {
    const { loop } = watched(lookingBack(0));
    const data = samples(7);
    const lines = [0, 1, 2, 3, 4, 5, 6].map((x) => ({ xs: [x], ys: [10 * x] }));
    const dataset = tfData.array(lines).batch(3);
    const failing = { onStep: () => Promise.reject(new Error('enough')) };
    const abortion = new AbortController();
    const aborting = { onStep: () => abortion.abort(), signal: abortion.signal };
    await loop.fit(data, { batchSize: 3 });
    await loop.step(data);
    const { numTensors } = tf.memory();
    for (const source of [data, dataset]) {
      await loop.fit(source, { epochs: 2 });
      await expect(loop.fit(source, failing)).rejects.toThrow('enough');
      await loop.fit(source, aborting);
    }
    await loop.step(data);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(data.xs.isDisposed).toBe(false);
  });
});

describe('the callbacks of fit', () => {
  beforeEach(() => use('cpu'));

  it('are told what a progress bar needs, and are awaited', async () => {
    const { loop } = watched();
    const steps: StepProgress[] = [];
    const epochs: unknown[] = [];
    let awaited = true;
    const { loss } = await loop.fit(samples(5), {
      epochs: 2,
      batchSize: 2,
      onStep: async (progress) => {
        expect(awaited).toBe(true);
        awaited = false;
        await tf.nextFrame();
        awaited = true;
        steps.push(progress);
      },
      onEpoch: (progress) => {
        epochs.push(progress);
      },
    });
    expect(
      steps.map(({ epoch, epochs, step, stepsPerEpoch, samples }) => [epoch, epochs, step, stepsPerEpoch, samples]),
    ).toEqual([
      [1, 2, 1, 3, 2],
      [1, 2, 2, 3, 2],
      [1, 2, 3, 3, 1],
      [2, 2, 1, 3, 2],
      [2, 2, 2, 3, 2],
      [2, 2, 3, 3, 1],
    ]);
    expect(epochs).toEqual([1, 2].map((epoch) => ({ epoch, epochs: 2, loss: loss[epoch - 1], steps: 3 })));
    expect(loss[0]).toBeCloseTo(steps.slice(0, 3).reduce((sum, { loss, samples }) => sum + loss * samples, 0) / 5, 10);
  });

  it('are told how many steps an epoch has where that is known', async () => {
    const batches = [samples(2), samples(3)];
    const told = async (data: TrainingData<Pair>) => {
      const known: (number | undefined)[] = [];
      await watched().loop.fit(data, { onStep: ({ stepsPerEpoch }) => void known.push(stepsPerEpoch) });
      return known[0];
    };
    const dataset = tfData.array([{ xs: [1], ys: [10] }]).batch(1);
    const unknown = tfData
      .array([{ xs: [1], ys: [10] }])
      .batch(1)
      .filter(() => true);
    expect([await told(batches), await told(() => batches), await told(dataset)]).toEqual([2, 2, 1]);
    expect([await told(batches.values()), await told(unknown)]).toEqual([undefined, undefined]);
  });

  it('end the training by an abort: after the step, the epoch counts as far as it went', async () => {
    const { loop } = watched();
    const abortion = new AbortController();
    const ended: number[] = [];
    const { loss } = await loop.fit(samples(8), {
      epochs: 3,
      batchSize: 2,
      signal: abortion.signal,
      onStep: ({ epoch, step }) => (epoch === 2 && step === 3 ? abortion.abort() : undefined),
      onEpoch: ({ epoch }) => void ended.push(epoch),
    });
    expect([loss.length, loop.steps, ended]).toEqual([2, 7, [1]]);
    expect(await loop.fit(samples(8), { signal: abortion.signal })).toEqual({ loss: [] });
    expect(loop.steps).toBe(7);
  });

  it('are not the only ones to have a turn: a timer can abort', async () => {
    const { loop } = watched();
    const abortion = new AbortController();
    setTimeout(() => abortion.abort(), 10);
    const begun = Date.now();
    const onStep = (): void => {
      if (Date.now() > begun + 10_000) throw new Error('the timer had no turn');
    };
    await loop.fit(samples(4), { epochs: 1e9, batchSize: 1, signal: abortion.signal, onStep });
    expect(loop.steps).toBeGreaterThan(1);
  });

  it('may change the learning rate', async () => {
    const { loop, w } = watched();
    const onStep = (): void => {
      loop.learningRate = 0;
    };
    await loop.fit(samples(4), { epochs: 2, batchSize: 4, onStep });
    expect(loop.learningRate).toBe(0);
    expect(w.dataSync()[0]).toBeCloseTo(0.1 * 2 * 1.5, 6);
  });
});
