import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../cli.ts';
import { createProgress } from '../progress.ts';
import type { Summary } from '../results.ts';
import { readResults } from '../results-folder.ts';
import { runAll } from '../run-all.ts';
import { tinyRun } from '../testing/settings.ts';
import { memoryIo, memoryStream } from '../testing/streams.ts';
import { someStripes } from '../testing/stripes.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { checkpointPath } from './checkpoint-folder.ts';
import { readRun } from './run-checkpoint.ts';

const selection = await someStripes(tinyRun.trainImages);

/** A folder with one run of six steps, stopped after so many. */
async function trained(most: number, folder = temporaryFolder()): Promise<string> {
  const controller = new AbortController();
  let steps = 0;
  const step = (): void => {
    steps++;
    if (steps === most) controller.abort(new Error('stopped'));
  };
  const progress = { ...createProgress(memoryStream()), say: () => {}, step };
  const context = { selectionOf: () => selection, folder, checkpointSeconds: 60, progress, signal: controller.signal };
  await runAll([tinyRun], context);
  return folder;
}

const bytes = (folder: string): Buffer => readFileSync(checkpointPath(folder, tinyRun));
const stepIn = async (folder: string) => (await readRun(checkpointPath(folder, tinyRun))).course.position.step;

async function merged(...folders: string[]): Promise<string> {
  const out = temporaryFolder();
  const io = memoryIo();
  expect(await main(['merge', ...folders, '--out', out], io), io.stderr.text()).toBe(0);
  return out;
}

test('of two that were stopped the checkpoint stays that went on longer, as its result does', async () => {
  const [short, long] = [await trained(2), await trained(5)];
  for (const order of [
    [short, long],
    [long, short],
  ]) {
    const out = await merged(...order);
    expect(await stepIn(out)).toBe(5);
    expect((await readResults(out)).runs).toEqual((await readResults(long)).runs);
  }
});

test('a run goes on from the checkpoint that its folder has, and its result is what that came to', async () => {
  const folder = await trained(4);
  const out = await merged(folder, await trained(2));
  expect((await readResults(await trained(1, out))).runs).toMatchObject([{ epochs: 1, stopped: true }]);
  expect(await stepIn(out)).toBe(5);
});

test('a finished run’s weights are brought, and never those of another run than the result that stays', async () => {
  const [finished, stopped] = [await trained(100), await trained(2)];
  expect(bytes(await merged(stopped, finished)).equals(bytes(finished))).toBe(true);
  const other = temporaryFolder();
  const summary: Summary = JSON.parse(readFileSync(join(finished, 'summary.json'), 'utf8'));
  const runs = summary.runs.map((run) => ({ ...run, weightsDigest: 'of other weights' }));
  writeFileSync(join(other, 'summary.json'), JSON.stringify({ runs }));
  const out = await merged(other, finished, stopped);
  expect((await readResults(out)).runs).toEqual(runs);
  expect(readdirSync(out)).not.toContain('checkpoints');
});
