import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCheckpoint, writeCheckpoint } from '@flatmin/checkpoint/node';
import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { runOne } from '../run-one.ts';
import { checkpointedContext, checkpointIn } from '../testing/checkpoints.ts';
import { tinyRun } from '../testing/settings.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { RunIdentity } from './run-identity.ts';

/** The checkpoint of a run stopped before its first step. */
async function written(): Promise<{ folder: string; path: string }> {
  const folder = temporaryFolder();
  const signal = AbortSignal.abort(new Error('stopped'));
  await runOne(tinyRun, await checkpointedContext(folder, tinyRun, { signal }));
  return { folder, path: join(folder, 'run.safetensors') };
}

/** What is said, once it has been seen that the file stayed as it was. */
async function refusal(folder: string, path: string, changes: Partial<RunIdentity> = {}): Promise<string> {
  const before = readFileSync(path);
  const error: unknown = await checkpointIn(folder, tinyRun, changes).catch((error) => error);
  expect(error).toBeInstanceOf(UsageError);
  expect(readFileSync(path).equals(before)).toBe(true);
  return (error as UsageError).message.replace(path, 'FILE');
}

test.each<[Partial<RunIdentity>, kept: string, asked: string]>([
  [{ dataset: 'fashion-mnist' }, '--dataset made-stripes', '--dataset fashion-mnist'],
  [{ model: 'conv4-16' }, '--model linear', '--model conv4-16'],
  [{ optimizer: 'sam' }, '--optimizers sgd', '--optimizers sam'],
  [{ backend: 'wasm' }, '--backend cpu', '--backend wasm'],
  [{ seed: 2 }, '--seed 1', '--seed 2'],
  [{ batchSize: 8 }, '--batch-size 16', '--batch-size 8'],
  [{ trainImages: 41 }, '--limit 40', '--limit 41'],
  [{ validation: 5 }, '--validation 0', '--validation 5'],
  [{ learningRate: 0.2 }, '--learning-rate 0.1', '--learning-rate 0.2'],
  [{ momentum: 0 }, '--momentum 0.9', '--momentum 0'],
  [{ epochsAsked: 3 }, '--epochs 2', '--epochs 3'],
  [{ rho: 0.1 }, 'no --rho', '--rho 0.1'],
  [{ commit: 'c0ffee' }, 'commit unknown', 'commit c0ffee'],
  [{ node: 'v20.0.0' }, `Node ${process.version}`, 'Node v20.0.0'],
  [{ model: 'conv4-16', rho: 0 }, '--model linear, no --rho', '--model conv4-16, --rho 0'],
])('that of another run is refused, and it is said what differs: %j', async (changes, kept, asked) => {
  const { folder, path } = await written();
  expect(await refusal(folder, path, changes)).toBe(
    `FILE keeps a run with ${kept}, and this one has ${asked}; go on with the former, or give another --out`,
  );
});

test('that of a finished run is taken, whatever code made it, but for other settings', async () => {
  const folder = temporaryFolder();
  const { summary } = await runOne(tinyRun, await checkpointedContext(folder, tinyRun));
  const { outcome } = await checkpointIn(folder, tinyRun, { commit: 'c0ffee', node: 'v20.0.0' });
  expect(outcome!.summary).toEqual(summary);
  expect(await refusal(folder, join(folder, 'run.safetensors'), { commit: 'c0ffee', seed: 2 })).toContain(
    'with --seed 1, and this one has --seed 2;',
  );
});

test('that of a run on other images is refused', async () => {
  const { folder, path } = await written();
  expect(await refusal(folder, path, { data: 'f00d' })).toMatch(/with images of SHA-256 [0-9a-f]{64}, and .* f00d;/);
});

test('one that is cut short is refused', async () => {
  const { folder, path } = await written();
  truncateSync(path, readFileSync(path).length - 1);
  expect(await refusal(folder, path)).toMatch(
    /^FILE is damaged or cut short.*, or move it away, and the run begins anew$/,
  );
});

test.each([
  ['{"weights": []}', /^FILE is no flatmin-checkpoint.*, or move it away, and the run begins anew$/],
  ['', /^FILE .*, or move it away, and the run begins anew$/],
])('a file of another kind is refused: %j', async (content, sentence) => {
  const { folder, path } = await written();
  writeFileSync(path, content);
  expect(await refusal(folder, path)).toMatch(sentence);
});

test.each([{ epoch: 3 }, null, [1], 'text'])('a checkpoint of other things is refused: %j', async (value) => {
  const { folder, path } = await written();
  await writeCheckpoint(path, value);
  expect(await refusal(folder, path)).toBe(
    'FILE is no checkpoint of a run of the benchmark; move it away, and the run begins anew',
  );
});

test('one of another version is refused', async () => {
  const { folder, path } = await written();
  await writeCheckpoint(path, { ...((await readCheckpoint(path)) as object), version: 2 });
  expect(await refusal(folder, path)).toBe(
    'FILE is of version 2, and this benchmark reads version 1; move it away, and the run begins anew',
  );
});

test('the first is due so many seconds after the first question, each other so many after the one before', async () => {
  const checkpoint = await checkpointIn(temporaryFolder(), tinyRun, { seconds: 30 });
  expect([1_000, 30_999, 31_000].map((now) => checkpoint.isDue(now))).toEqual([false, false, true]);
  const standing = { course: {}, weights: {}, learner: {} } as Parameters<typeof checkpoint.write>[0];
  await checkpoint.write({ ...standing, course: { ...standing.course, losses: [], epochs: [] } });
  const now = performance.now();
  expect([now + 29_000, now + 31_000].map((later) => checkpoint.isDue(later))).toEqual([false, true]);
});

test('with 0 seconds one is due at every question', async () => {
  const checkpoint = await checkpointIn(temporaryFolder(), tinyRun, { seconds: 0 });
  expect([checkpoint.isDue(), checkpoint.isDue()]).toEqual([true, true]);
});
