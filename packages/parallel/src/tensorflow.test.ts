import { momentum, plain } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import { assignVariables, trainer } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { type DataParallel, type DataParallelOptions, dataParallel } from './data-parallel.ts';
import { split } from './split.ts';
import { buildNet, images, lossesOf, type NetOptions, tensorsOf } from './testing/conv-net.ts';
import { onSource } from './testing/open.ts';

const open: DataParallel[] = [];
beforeAll(() => tf.setBackend('wasm'));
afterEach(async () => {
  tf.disposeVariables();
  await Promise.all(open.splice(0).map((training) => training.dispose()));
});

const batches = [1, 2, 3, 4, 5].map((seed) => images(10, seed));
const net = { backend: 'wasm' } as const;

async function pool(data: NetOptions, options: Partial<DataParallelOptions> = {}): Promise<DataParallel> {
  const training = await dataParallel({
    worker: onSource('./conv-worker.ts'),
    workers: 2,
    data,
    base: momentum({ learningRate: 0.05 }),
    variant: sam({ rho: 0.1 }),
    ...options,
  });
  open.push(training);
  return training;
}

const steps = async (training: DataParallel, count: number, from = 0): Promise<number[]> => {
  const losses: number[] = [];
  for (const batch of batches.slice(from, from + count))
    losses.push((await training.step(split(batch, 10, training.pool.size))).loss);
  return losses;
};

/** The network's variables of this process. From its second network on names are numbered. */
const values = (): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.values(tf.engine().registeredVariables)
      .filter(({ name }) => /^(conv|dense|norm)\/[a-z_]+\d*$/.test(name))
      .map((variable) => [variable.name.replace(/_\d+$/, ''), variable.dataSync<'float32'>()]),
  );

function expectClose(got: object, wanted: object): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, numbers] of Object.entries(got as Record<string, Float32Array>)) {
    const other = (wanted as Record<string, Float32Array>)[name]!;
    const apart = Math.max(...numbers.map((x, i) => Math.abs(x - other[i]!)));
    expect(apart, name).toBeLessThan(1e-5);
  }
}

/** The same steps by `trainer` in this process, on the whole batch. */
async function alone(options: NetOptions): Promise<number[]> {
  const loop = trainer({
    base: tf.train.momentum(0.05, 0.9),
    variant: sam({ rho: 0.1 }),
    losses: lossesOf(buildNet(options)),
  });
  const losses: number[] = [];
  for (const batch of batches) {
    const tensors = tensorsOf(batch);
    losses.push((await loop.step(tensors)).loss);
    tf.dispose(tensors);
  }
  return losses;
}

// The first of this file, while names of variables are as in the workers.
it('what was trained goes into a model of this thread', async () => {
  const options = { ...net, batchNorm: true };
  const training = await pool(options);
  await steps(training, 3);
  const model = buildNet(options);
  assignVariables({ ...(training.weights as object), ...(training.statistics as object) });
  expect(values()).toEqual({ ...(training.weights as object), ...(training.statistics as object) });
  expect(() => assignVariables({ 'conv/kernel': new Float32Array(2) })).toThrow(
    'assignVariables: there is 2 numbers for "conv/kernel" of shape [3, 3, 1, 4]; give 36 numbers, from a model built in the same way.',
  );
  expect(() => assignVariables({ elsewhere: new Float32Array(2) })).toThrow(
    'assignVariables: there is no variable "elsewhere"',
  );
  expect(model.layers.length).toBeGreaterThan(0);
});

it.each([1, 2, 3])(
  'a convolutional network on %i workers takes the steps of one process, to rounding',
  async (workers) => {
    const training = await pool(net, { workers });
    const losses = await steps(training, 5);
    const wanted = await alone(net);
    for (const [i, loss] of losses.entries()) expect(loss).toBeCloseTo(wanted[i]!, 5);
    expectClose(training.weights, values());
  },
);

it('one worker is one process with BatchNorm too, whose statistics move once a step', async () => {
  const options = { ...net, batchNorm: true };
  const training = await pool(options, { workers: 1 });
  await steps(training, 5);
  await alone(options);
  expectClose({ ...(training.weights as object), ...(training.statistics as object) }, values());
});

it('BatchNorm normalises each part by its own statistics, and the moving ones are their mean', async () => {
  const options = { ...net, batchNorm: true };
  const training = await pool(options, { variant: plain() });
  const [batch] = batches;
  const parts = split(batch!, 10, 2);
  const { loss } = await training.step(parts);
  const wanted = { loss: 0, mean: [0, 0, 0, 0] };
  for (const part of parts) {
    tf.disposeVariables();
    const losses = lossesOf(buildNet(options));
    wanted.loss += tf.tidy(() => tf.mean(losses(tensorsOf(part))).dataSync()[0]!) / 2;
    const { 'norm/moving_mean': moving } = values();
    for (const [i, x] of moving!.entries()) wanted.mean[i]! += x / 2;
  }
  expect(loss).toBeCloseTo(wanted.loss, 5);
  const { 'norm/moving_mean': got } = training.statistics as Record<string, Float32Array>;
  for (const [i, x] of got!.entries()) expect(x).toBeCloseTo(wanted.mean[i]!, 6);
  expect(Math.max(...got!.map(Math.abs))).toBeGreaterThan(1e-3);
});

it('with dropout a training repeats bit for bit, also where a worker was lost on the way', async () => {
  const options = { ...net, batchNorm: true, dropout: true };
  const [whole, hurt, other] = await Promise.all([pool(options), pool(options), pool(options, { seed: 1 })]);
  const losses = await steps(whole, 5);
  const before = await steps(hurt, 2);
  const [part, rest] = split(batches[2]!, 10, 2);
  await expect(hurt.step([{ ...part!, end: true }, rest!])).rejects.toThrow('ended with exit code 5');
  expect([...before, ...(await steps(hurt, 3, 2))]).toEqual(losses);
  expect(hurt.state()).toEqual(whole.state());
  expect(await steps(other, 5)).not.toEqual(losses);
});

it('the two evaluations of a step have the same masks', async () => {
  const perturbedLoss = async (rho: number) => {
    const training = await pool(
      { ...net, dropout: true },
      { variant: (await import('@flatmin/core')).withDiagnostics(sam({ rho })) },
    );
    return (await training.step(split(batches[0]!, 10, 2))).diagnostics;
  };
  const { loss, perturbedLoss: after } = await perturbedLoss(1e-6);
  expect(after).toBeCloseTo(loss!, 4);
});
