import { join } from 'node:path';
import { readCheckpoint } from '@flatmin/checkpoint/node';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { metricsOf } from '../course.ts';
import { optimizers } from '../optimizers.ts';
import type { RunSummary } from '../results.ts';
import { type RunListener, runOne } from '../run-one.ts';
import type { RunSettings } from '../settings.ts';
import { checkpointedContext } from '../testing/checkpoints.ts';
import { listener, tinyContext, tinyRun } from '../testing/settings.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { Outcome } from './run-checkpoint.ts';

/** A part of a run, until a listener stops it, or to its end. */
async function part(folder: string, settings: RunSettings, hears: (stop: () => void) => Partial<RunListener>) {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('stopped'));
  const changes = { listener: listener(hears(stop)), signal: controller.signal };
  return runOne(settings, await checkpointedContext(folder, settings, changes));
}

/** What must be equal in equal runs: all but the times. */
function repeatable({ summary, course }: Outcome) {
  const { startedAt, secondsPerEpoch, ...rest }: RunSummary = summary;
  const metrics = metricsOf(0, summary, course).map((line) => ({ ...line, seconds: undefined }));
  return { ...rest, metrics };
}

const onAnyNetwork = [...optimizers].flatMap(([name, { needsNormalisation }]) => (needsNormalisation ? [] : [name]));
const small = { model: 'conv4-16-bn', trainImages: 10, batchSize: 4, validation: 2 };

test.each([
  ...onAnyNetwork.map((optimizer) => ({ steps: 2, optimizer, backend: 'cpu' })),
  { steps: 1, optimizer: 'sgd', backend: 'cpu' },
  { steps: 1, optimizer: 'sgd', backend: 'wasm', ...small },
  { steps: 2, optimizer: 'sam', backend: 'cpu', augment: 'flip,cutout', schedule: 'cosine', labelNoise: 0.5 },
  { steps: 1, optimizer: 'sam-on', backend: 'wasm', ...small },
  { steps: 2, optimizer: 'sampa', backend: 'wasm', ...small },
] as const)(
  'a run stopped every few steps ends as one that was not, bit for bit: %j',
  async ({ steps, ...changes }) => {
    const settings: RunSettings = { ...tinyRun, ...changes };
    const folder = temporaryFolder();
    const whole = await runOne(settings, await tinyContext(settings));
    for (let done = steps; done <= 6; done += steps) {
      const { summary, course } = await part(folder, settings, (stop) => ({
        onStep: ({ step }) => step === done && stop(),
      }));
      expect(summary).toMatchObject({ stopped: true, testAccuracy: null });
      expect(course.losses).toEqual(whole.course.losses.slice(0, done));
    }
    const last = await part(folder, settings, () => ({ onStep: () => expect.fail('all steps were taken') }));
    expect(repeatable(last)).toEqual(repeatable(whole));
  },
);

test.each(['onEpoch', 'onMeasuring'] as const)('a run stopped in %s goes on from there', async (event) => {
  const folder = temporaryFolder();
  await part(folder, tinyRun, (stop) => ({ [event]: stop }));
  const steps: number[] = [];
  const resumed = await part(folder, tinyRun, () => ({ onStep: ({ step }) => void steps.push(step) }));
  expect(steps).toEqual(event === 'onEpoch' ? [4, 5, 6] : []);
  expect(repeatable(resumed)).toEqual(repeatable(await runOne(tinyRun, await tinyContext(tinyRun))));
});

test('a run that was finished is not trained again, and has the times of then', async () => {
  const folder = temporaryFolder();
  const context = await checkpointedContext(folder, tinyRun);
  const { summary } = await runOne(tinyRun, context);
  const again = await part(folder, tinyRun, () => ({ onStep: () => expect.fail('it trains') }));
  expect(again.summary).toEqual(summary);
});

test('a run that diverged is finished, too', async () => {
  const folder = temporaryFolder();
  const settings = { ...tinyRun, learningRate: 1e38 };
  const { summary } = await part(folder, settings, () => ({}));
  expect(summary.diverged).toBe(true);
  expect((await part(folder, settings, () => ({ onStep: () => expect.fail('it trains') }))).summary).toEqual(summary);
});

test('a summary tells when a run began and with which code, not when it went on', async () => {
  const folder = temporaryFolder();
  const first = await part(folder, tinyRun, (stop) => ({ onStep: stop }));
  const provenance = { commit: 'unknown-dirty', machine: 'another', node: process.version };
  const last = await runOne(tinyRun, await checkpointedContext(folder, tinyRun, { provenance }));
  const { startedAt, commit, machine } = first.summary;
  expect(last.summary).toMatchObject({ startedAt, commit, machine, stopped: false });
});

test('the checkpoint of a finished run has its weights, by names that do not depend on what was built before', async () => {
  const folder = temporaryFolder();
  await part(folder, tinyRun, () => ({}));
  const { weights } = (await readCheckpoint(join(folder, 'run.safetensors'))) as unknown as {
    weights: Record<string, { shape: number[] }>;
  };
  expect(Object.entries(weights).map(([name, { shape }]) => [name, shape])).toEqual([
    ['1/kernel', [64, 10]],
    ['1/bias', [10]],
  ]);
});

test('stopping and going on leaves no tensors but the one that TensorFlow.js loses with each momentum optimizer', async () => {
  await part(temporaryFolder(), tinyRun, () => ({}));
  const before = tf.memory().numTensors;
  const folder = temporaryFolder();
  await part(folder, tinyRun, (stop) => ({ onStep: stop }));
  await part(folder, tinyRun, () => ({}));
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(2);
});
