import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { useBackend } from '../backends.ts';
import { madeContext } from '../testing/data-files.ts';
import { augmentedPixels } from './augment/augmented-pixels.ts';
import { type BatchOptions, type BatchSource, type EpochPlan, openBatches } from './batches.ts';
import { type LabelledImages, toBatch } from './images.ts';
import { madeStripes } from './made-stripes.ts';

beforeAll(() => useBackend('cpu'));

const { train } = await madeStripes.load(madeContext());
const order = Uint32Array.from({ length: 50 }, (_, row) => (row * 37) % 1_000);
const augment = ['pad-crop', 'flip', 'cutout'];

const plan = (more: Partial<EpochPlan> = {}): EpochPlan => ({
  order,
  epoch: 2,
  from: 0,
  batchSize: 16,
  signal: new AbortController().signal,
  ...more,
});

function opened(options: Partial<BatchOptions> = {}, images: LabelledImages = train): BatchSource {
  const batches = openBatches(images, { augment, seed: 5, ...options });
  onTestFinished(() => batches.close());
  return batches;
}

/** Images and one-hot labels of a whole pass, and the sizes of its batches. */
async function pass(batches: BatchSource, more: Partial<EpochPlan> = {}) {
  const [xs, ys, sizes]: number[][] = [[], [], []];
  for await (const batch of batches.epoch(plan(more))) {
    xs!.push(...batch.xs.dataSync());
    ys!.push(...batch.ys.dataSync());
    sizes!.push(batch.xs.shape[0]);
    tf.dispose([batch.xs, batch.ys]);
  }
  return { xs: xs!, ys: ys!, sizes: sizes! };
}

/** Threads of this process, and those of vitest. */
const threads = (): number => (process.report.getReport() as { workers: unknown[] }).workers.length;

const augmented = (from = 0): number[] =>
  Array.from(
    augmentedPixels({ images: train, indices: order.subarray(from), position: from, epoch: 2, seed: 5, augment }),
  );
function plain(): { xs: number[]; ys: number[] } {
  return tf.tidy(() => {
    const { xs, ys } = toBatch(train, order);
    return { xs: [...xs.dataSync()], ys: [...ys.dataSync()] };
  });
}

test('without augmentation batches are those of toBatch, and no thread is started', async () => {
  const before = threads();
  const { xs, ys, sizes } = await pass(opened({ augment: [] }));
  expect({ xs, ys }).toEqual(plain());
  expect(sizes).toEqual([16, 16, 16, 2]);
  expect(threads()).toBe(before);
});

test('batches prepared in a thread hold what is calculated in this one, in order, with the labels of the images', async () => {
  const { xs, ys, sizes } = await pass(opened());
  expect(xs).toEqual(augmented());
  expect(xs).not.toEqual(plain().xs);
  expect(ys).toEqual(plain().ys);
  expect(sizes).toEqual([16, 16, 16, 2]);
});

test('neither the number of threads nor the size of batches decides what an image becomes', async () => {
  const batches = opened({ threads: 3 });
  for (const batchSize of [1, 7, 50]) expect((await pass(batches, { batchSize })).xs).toEqual(augmented());
});

test('a pass that goes on in the middle of an epoch has the images that the whole pass would have had', async () => {
  const { xs } = await pass(opened(), { order: order.subarray(21), from: 21 });
  expect(xs).toEqual(augmented(21));
});

test('a name of no augmentation is refused with those that there are', () => {
  expect(() => openBatches(train, { augment: ['flip', 'mixup'], seed: 1 })).toThrow(
    'augment mixup must be one of pad-crop, flip, cutout',
  );
});

test('what goes wrong in a thread is an error of the loop, and the threads go on', async () => {
  const batches = opened({}, { ...train, normalisation: { means: null as never, deviations: [] } });
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(pass(batches)).rejects.toThrow("Cannot read properties of null (reading '0')");
  }
});

test.each([{ augment: [] }, { augment }])(
  'with %j a stop ends the pass with its reason, and no tensor is left',
  async (options) => {
    const controller = new AbortController();
    const before = tf.memory().numTensors;
    let steps = 0;
    const loop = async () => {
      for await (const { xs, ys } of opened(options).epoch(plan({ batchSize: 1, signal: controller.signal }))) {
        tf.dispose([xs, ys]);
        if (++steps === 3) controller.abort(new Error('stopped by the user'));
      }
    };
    await expect(loop()).rejects.toThrow('stopped by the user');
    expect(steps).toBe(3);
    expect(tf.memory().numTensors).toBe(before);
  },
);

test('closed batches leave no thread, whether the pass ended, was left or never began', async () => {
  const before = threads();
  const [ended, left, unused] = [opened(), opened({ threads: 2 }), opened()];
  await pass(ended);
  for await (const { xs, ys } of left.epoch(plan({ batchSize: 1 }))) {
    tf.dispose([xs, ys]);
    break;
  }
  expect(threads()).toBe(before + 4);
  for (const batches of [ended, left, unused]) await batches.close();
  expect(threads()).toBe(before);
});

test('a pass whose batches are closed meanwhile ends with an error that says so', async () => {
  const batches = opened();
  const loop = async () => {
    for await (const { xs, ys } of batches.epoch(plan({ batchSize: 1 }))) {
      tf.dispose([xs, ys]);
      await batches.close();
    }
  };
  await expect(loop()).rejects.toThrow('the batches were closed while some were still to come');
});

test.each(['batches.close()', 'undefined'])(
  'as built, a program that leaves a pass, then awaits %s, comes to its end',
  async (then) => {
    const built = (path: string): string => pathToFileURL(join(import.meta.dirname, '../../dist', path)).href;
    const program = `
    import { useBackend } from '${built('backends.js')}';
    import { openBatches } from '${built('data/batches.js')}';
    import { madeStripes } from '${built('data/made-stripes.js')}';
    await useBackend('cpu');
    const { train } = await madeStripes.load();
    const batches = openBatches(train, { augment: ['flip'], seed: 1 });
    const signal = new AbortController().signal;
    const order = new Uint32Array(1000);
    for await (const { xs } of batches.epoch({ order, epoch: 1, from: 0, batchSize: 10, signal })) {
      console.log(xs.shape[0]);
      break;
    }
    await ${then};`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 30_000,
    });
    let out = '';
    child.stdout.on('data', (piece) => {
      out += piece;
    });
    const [exitCode] = await once(child, 'close');
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: '10\n' });
  },
);
