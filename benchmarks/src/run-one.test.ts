import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { optimizers } from './optimizers.ts';
import type { RunSummary } from './results.ts';
import { type RunListener, runOne } from './run-one.ts';
import type { RunSettings } from './settings.ts';
import { listener, tinyContext, tinyRun } from './testing/settings.ts';

async function run(settings: Partial<RunSettings>, hears: Partial<RunListener> = {}, signal?: AbortSignal) {
  const all = { ...tinyRun, ...settings };
  const context = await tinyContext(all, { listener: listener(hears), ...(signal && { signal }) });
  return (await runOne(all, context)).summary;
}

/** What must be equal in equal runs: all but the times. */
function repeatable({ startedAt, secondsPerEpoch, ...rest }: RunSummary) {
  return rest;
}

test('a finished run tells its settings and what came out', async () => {
  const summary = await run({});
  expect(summary).toMatchObject({
    dataset: 'made-stripes (no real data)',
    model: 'linear',
    optimizer: 'sgd',
    backend: 'cpu',
    epochs: 2,
    epochsAsked: 2,
    trainImages: 40,
    rho: null,
    parameters: 650,
    evaluatedOn: 'test',
    gradientEvaluations: 6,
    stopped: false,
  });
  expect(summary).not.toHaveProperty('diverged');
  for (const key of ['testAccuracy', 'testLoss', 'trainLoss', 'trainAccuracy', 'sharpness'] as const) {
    expect(summary[key]).toBeGreaterThan(0);
  }
  expect(summary.weightsDigest).toMatch(/^[0-9a-f]{64}$/);
});

const small = { model: 'conv4-16', trainImages: 4, batchSize: 2, validation: 2, epochsAsked: 1 };
const onAnyNetwork = [...optimizers].flatMap(([name, { needsNormalisation }]) => (needsNormalisation ? [] : [name]));
test.each([
  ...onAnyNetwork.flatMap((optimizer) => [
    { optimizer, backend: 'cpu' },
    { optimizer, backend: 'wasm' },
  ]),
  { ...small, backend: 'cpu' },
  { ...small, backend: 'wasm', optimizer: 'sam' },
  { ...small, backend: 'wasm', model: 'conv4-16-bn', optimizer: 'sam-on' },
])('equal settings give equal runs, bit for bit: %j', async (settings) => {
  const [one, same, other] = [await run(settings), await run(settings), await run({ ...settings, seed: 2 })];
  expect(repeatable(same)).toEqual(repeatable(one));
  expect(other.weightsDigest).not.toBe(one.weightsDigest);
});

test('the summary tells the rho that was used, and the gradients that were computed', async () => {
  expect(await run({ optimizer: 'sam' })).toMatchObject({ rho: 0.05, gradientEvaluations: 12 });
  expect(await run({ optimizer: 'msam', rho: 0.1 })).toMatchObject({ rho: 0.1, gradientEvaluations: 6 });
  expect(await run({ rho: 0.1 })).toMatchObject({ optimizer: 'sgd', rho: null });
});

test.each([{}, small, { ...small, model: 'conv4-16-bn', optimizer: 'sam-on' }])(
  'backends agree but for rounding: %j',
  async (settings) => {
    const [cpu, wasm] = [await run({ ...settings, backend: 'cpu' }), await run({ ...settings, backend: 'wasm' })];
    expect(wasm.testLoss).toBeCloseTo(cpu.testLoss!, 4);
    expect(wasm.sharpness).toBeCloseTo(cpu.sharpness!, 4);
  },
);

test('with images held out for validation the summary says that they were judged on', async () => {
  expect(await run({ validation: 100 })).toMatchObject({ evaluatedOn: 'validation', trainImages: 40 });
});

test('a stopped run keeps its finished epochs and says that it was stopped', async () => {
  const controller = new AbortController();
  const onStep: RunListener['onStep'] = ({ step }) => {
    if (step === 4) controller.abort(new Error('stopped'));
  };
  expect(await run({}, { onStep }, controller.signal)).toMatchObject({
    stopped: true,
    epochs: 1,
    gradientEvaluations: 4,
    testAccuracy: null,
    sharpness: null,
  });
});

test('a run stopped before its first step has nothing to tell but its initial weights', async () => {
  const summary = await run({}, {}, AbortSignal.abort(new Error('stopped')));
  expect(summary).toMatchObject({
    stopped: true,
    epochs: 0,
    gradientEvaluations: 0,
    trainLoss: null,
    secondsPerEpoch: null,
  });
});

test('a run that diverges is ended and says so', async () => {
  expect(await run({ learningRate: 1e38 })).toMatchObject({ stopped: true, diverged: true, testLoss: null });
});

test('another error is not taken for a stop', async () => {
  const onEpoch = () => {
    throw new Error('the disk is full');
  };
  await expect(run({}, { onEpoch })).rejects.toThrow('the disk is full');
});

test('a whole run leaves no tensors but the one that TensorFlow.js itself loses with each momentum optimizer', async () => {
  await run({});
  const before = tf.memory().numTensors;
  await run({});
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1);
});
