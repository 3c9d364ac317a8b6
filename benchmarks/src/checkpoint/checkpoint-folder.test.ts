import { copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Selection } from '../data/select.ts';
import { createProgress } from '../progress.ts';
import type { MetricsLine, Summary } from '../results.ts';
import { runAll } from '../run-all.ts';
import { tinyRun } from '../testing/settings.ts';
import { memoryStream } from '../testing/streams.ts';
import { someStripes } from '../testing/stripes.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { checkpointPath, openCheckpoints } from './checkpoint-folder.ts';

/** Runs with these seeds into a folder, stopped after some steps. */
async function all(
  folder: string,
  seeds: number[],
  most = Number.POSITIVE_INFINITY,
  selection?: Selection,
  onStep = () => {},
) {
  const of = selection ?? (await someStripes(tinyRun.trainImages));
  const controller = new AbortController();
  const progress = createProgress(memoryStream());
  const said: string[] = [];
  let steps = 0;
  const runs = await runAll(
    seeds.map((seed) => ({ ...tinyRun, seed })),
    {
      selectionOf: () => of,
      folder,
      checkpointSeconds: 60,
      signal: controller.signal,
      progress: {
        ...progress,
        say: (line) => said.push(line),
        step() {
          steps++;
          onStep();
          if (steps === most) controller.abort(new Error('stopped'));
        },
      },
    },
  );
  return { runs, steps, said };
}

const selection = await someStripes(tinyRun.trainImages);
const context = {
  seconds: 60,
  selectionOf: () => selection,
  provenance: { commit: 'unknown', machine: 'a test', node: process.version },
};
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');
const digests = ({ runs }: Pick<Summary, 'runs'>) => runs.map(({ weightsDigest }) => weightsDigest);
const file = (seed: number) => basename(checkpointPath('', { ...tinyRun, seed }));

test('the same runs again go on with the one that was stopped, and leave out those that were finished', async () => {
  const folder = temporaryFolder();
  const first = await all(folder, [1, 2, 3], 8);
  expect(first.runs.map(({ stopped }) => stopped)).toEqual([false, true]);
  expect(readdirSync(join(folder, 'checkpoints')).toSorted()).toEqual([file(1), file(2)].toSorted());
  const again = await all(folder, [1, 2, 3]);
  expect(first.steps + again.steps).toBe(18);
  expect(again.said[0]).toBe(
    `sgd, learning rate 0.1, seed 1: finished before, as ${folder} has it, of commit ${again.runs[0]!.commit}`,
  );
  const whole = temporaryFolder();
  const { runs } = await all(whole, [1, 2, 3]);
  expect(digests(again)).toEqual(digests({ runs }));
  expect(digests(JSON.parse(read(folder, 'summary.json')))).toEqual(digests({ runs }));
  const metrics = (of: string) => read(of, 'metrics.jsonl').replaceAll(/,"seconds":[^}]*/g, '');
  expect(metrics(folder)).toBe(metrics(whole));
});

test('runs are added to those that the folder has, which need not be asked for again', async () => {
  const folder = temporaryFolder();
  await all(folder, [1]);
  expect((await all(folder, [2, 1])).steps).toBe(6);
  const { runs, steps } = await all(folder, [3]);
  expect(steps).toBe(6);
  expect(runs.map(({ seed }) => seed)).toEqual([3]);
  const kept: Summary = JSON.parse(read(folder, 'summary.json'));
  expect(kept.runs.map(({ seed }) => seed)).toEqual([1, 2, 3]);
  const metrics = read(folder, 'metrics.jsonl').trimEnd().split('\n');
  const seeds = metrics.map((line): MetricsLine => JSON.parse(line)).map(({ run, seed }) => seed - run);
  expect(new Set(seeds)).toEqual(new Set([1]));
});

test('a run that was finished needs no checkpoint any more: results can be moved without', async () => {
  const folder = temporaryFolder();
  await all(folder, [1]);
  const before = read(folder, 'summary.json');
  rmSync(join(folder, 'checkpoints'), { recursive: true });
  expect(await all(folder, [1])).toMatchObject({ steps: 0, runs: [{ seed: 1, stopped: false }] });
  expect(read(folder, 'summary.json')).toBe(before);
});

test('runs that another process adds to the folder meanwhile are kept', async () => {
  const [folder, other] = [temporaryFolder(), temporaryFolder()];
  await all(other, [3]);
  await all(folder, [1]);
  const { runs } = await all(folder, [2], Number.POSITIVE_INFINITY, undefined, () =>
    copyFileSync(join(other, 'summary.json'), join(folder, 'summary.json')),
  );
  expect(runs.map(({ seed }) => seed)).toEqual([2]);
  const kept: Summary = JSON.parse(read(folder, 'summary.json'));
  expect(kept.runs.map(({ seed }) => seed)).toEqual([1, 3, 2]);
});

test('a ρ that an optimizer does not have is no part of its run', async () => {
  const folder = temporaryFolder();
  const runs = (rho: number) => openCheckpoints([{ ...tinyRun, rho }], { ...context, folder });
  const [first] = (await runs(0.05)).values();
  await first!.write({ course: { losses: [], epochs: [] }, weights: {}, learner: {} } as never);
  await expect(runs(0.1)).resolves.toHaveProperty('size', 1);
});

test('a run whose results were not written any more is not trained again', async () => {
  const folder = temporaryFolder();
  const { runs } = await all(folder, [1]);
  rmSync(join(folder, 'summary.json'));
  const again = await all(folder, [1]);
  expect(again).toMatchObject({ steps: 0, runs });
  expect(again.said).toEqual([
    `sgd, learning rate 0.1, seed 1: finished before, as ${join(folder, 'checkpoints', file(1))} has it`,
  ]);
});

test('what cannot be read as results is refused, and stays as it is', async () => {
  const folder = temporaryFolder();
  for (const text of ['{', '{}', 'null']) {
    writeFileSync(join(folder, 'summary.json'), text);
    await expect(all(folder, [1])).rejects.toThrow(`${join(folder, 'summary.json')} cannot be read as results (`);
    expect(read(folder, 'summary.json')).toBe(text);
  }
});

test('a checkpoint that the last run cannot go on from is found out before the first one trains', async () => {
  const folder = temporaryFolder();
  await all(folder, [1, 2], 8);
  const before = read(folder, 'summary.json');
  truncateSync(join(folder, 'checkpoints', file(2)), 100);
  await expect(all(folder, [3, 1, 2])).rejects.toThrow(file(2));
  expect(readdirSync(join(folder, 'checkpoints')).toSorted()).toEqual([file(1), file(2)].toSorted());
  expect(read(folder, 'summary.json')).toBe(before);
});

test('checkpoints of runs on other images are refused, whether these are trained or judged on', async () => {
  const folder = temporaryFolder();
  await all(folder, [1], 3);
  const stripes = await someStripes(tinyRun.trainImages);
  const changed = (part: 'train' | 'held', of: 'pixels' | 'labels'): Selection => {
    const images = { ...stripes[part].of, [of]: stripes[part].of[of].map((byte) => (byte + 1) % 10) };
    return { ...stripes, [part]: { ...stripes[part], of: images } };
  };
  for (const selection of [changed('train', 'pixels'), changed('train', 'labels'), changed('held', 'labels')]) {
    await expect(all(folder, [1], undefined, selection)).rejects.toThrow('images of SHA-256');
  }
});
