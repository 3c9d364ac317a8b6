import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProgress } from './progress.ts';
import type { MetricsLine, Summary } from './results.ts';
import { runAll } from './run-all.ts';
import { tinyRun } from './testing/settings.ts';
import { memoryStream } from './testing/streams.ts';
import { someStripes } from './testing/stripes.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const read = (folder: string): Summary => JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));

async function all(seeds: number[], signal = new AbortController().signal, onStep?: () => void) {
  const selection = await someStripes(tinyRun.trainImages);
  const folder = temporaryFolder();
  const stream = memoryStream();
  const progress = createProgress(stream);
  const settings = seeds.map((seed) => ({ ...tinyRun, seed }));
  const runs = await runAll(settings, {
    selectionOf: () => selection,
    folder,
    signal,
    progress: {
      ...progress,
      step(event) {
        progress.step(event);
        onStep?.();
      },
    },
  });
  return { runs, folder, said: stream.text() };
}

test('every run is in the summary, and the metrics hold its steps and epochs', async () => {
  const { runs, folder } = await all([1, 2]);
  expect(read(folder).runs).toEqual(runs);
  expect(runs.map(({ seed }) => seed)).toEqual([1, 2]);
  const text = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd();
  const lines = text.split('\n').map((line): MetricsLine => JSON.parse(line));
  const of = <K extends MetricsLine['kind']>(run: number, kind: K) =>
    lines.filter((line): line is MetricsLine & { kind: K } => line.run === run && line.kind === kind);
  for (const run of [0, 1]) {
    expect(of(run, 'step').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(of(run, 'epoch').map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 3],
      [2, 6],
    ]);
    expect(Buffer.from(of(run, 'answers')[0]!.right, 'base64')).toHaveLength(Math.ceil(300 / 8));
    expect(new Set(of(run, 'step').map(({ seed }) => seed))).toEqual(new Set([run + 1]));
  }
});

test('a finished run is on disk before the next one begins', async () => {
  let steps = 0;
  const folder = temporaryFolder();
  const seen: number[] = [];
  const progress = createProgress(memoryStream());
  const selection = await someStripes(tinyRun.trainImages);
  await runAll([tinyRun, { ...tinyRun, seed: 2 }], {
    selectionOf: () => selection,
    folder,
    signal: new AbortController().signal,
    progress: {
      ...progress,
      step: () => {
        steps++;
        if (steps === 7) seen.push(read(folder).runs.length);
      },
    },
  });
  expect(seen).toEqual([1]);
});

test('a stop keeps the finished runs and the one in progress, and begins no other', async () => {
  const controller = new AbortController();
  let steps = 0;
  const { runs, folder } = await all([1, 2, 3], controller.signal, () => {
    steps++;
    if (steps === 10) controller.abort(new Error('stopped'));
  });
  expect(runs.map(({ stopped, epochs }) => ({ stopped, epochs }))).toEqual([
    { stopped: false, epochs: 2 },
    { stopped: true, epochs: 1 },
  ]);
  expect(read(folder).runs).toEqual(runs);
});

test('a run that was asked for twice is trained once', async () => {
  expect((await all([1, 1])).runs).toHaveLength(1);
});
