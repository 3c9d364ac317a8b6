import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { chooseResultsFolder, readResults, writeResults } from './results-folder.ts';
import { runOne } from './run-one.ts';
import { tinyContext, tinyRun } from './testing/settings.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const choose = (out: string | undefined, force = false, checkpoint = false, resume = false) =>
  chooseResultsFolder({ out, force, checkpoint, resume, title: 'compare-made' });

test('a folder that holds a summary is refused unless it may be replaced', () => {
  const out = temporaryFolder();
  expect(choose(out)).toBe(out);
  writeFileSync(join(out, 'summary.json'), '{}');
  expect(() => choose(out)).toThrow(
    `--out ${out} already holds a summary.json; give another folder, --checkpoint to add to it, or --force to replace it`,
  );
  expect(choose(out, true)).toBe(out);
});

test('with checkpoints a folder is needed, and one with results may be added to', () => {
  expect(() => choose(undefined, false, true)).toThrow(
    '--checkpoint needs --out <folder>, where the same command finds it again',
  );
  const out = temporaryFolder();
  writeFileSync(join(out, 'summary.json'), '{}');
  expect(choose(out, false, true)).toBe(out);
  expect(() => choose(out)).toThrow(`--out ${out} already holds a summary.json`);
});

test('to resume needs something to go on with: results, or a checkpoint', () => {
  expect(() => choose(undefined, false, true, true)).toThrow('--resume needs --out <folder>');
  const [finished, begun] = [temporaryFolder(), temporaryFolder()];
  for (const out of [finished, begun]) {
    expect(() => choose(out, false, true, true)).toThrow(
      `--resume: --out ${out} holds no runs to go on with; begin them with --checkpoint`,
    );
  }
  writeFileSync(join(finished, 'summary.json'), '{}');
  mkdirSync(join(begun, 'checkpoints'));
  for (const out of [finished, begun]) expect(choose(out, false, true, true)).toBe(out);
});

test('results that are replaced leave no weights of the old ones behind', () => {
  expect(() => choose('anything', true, true)).toThrow(
    '--force replaces the results of --out and --checkpoint adds to them; give one of the two',
  );
  const out = temporaryFolder();
  mkdirSync(join(out, 'checkpoints'));
  expect(() => choose(out, true)).toThrow(
    `--force: the weights in ${join(out, 'checkpoints')} would not be those of the new results; give another --out, or delete that folder`,
  );
});

test('a file is refused', () => {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, '');
  expect(() => choose(path)).toThrow(`--out ${path} is a file; give a folder`);
});

test('without --out the folder is named after the command and the time, and is always a new one', () => {
  const home = process.cwd();
  process.chdir(temporaryFolder());
  vi.useFakeTimers({ now: new Date(2025, 0, 31, 17, 5, 1) });
  try {
    for (const name of ['compare-made-2025-01-31-170501', 'compare-made-2025-01-31-170501-2']) {
      expect(choose(undefined)).toBe(join('out', name));
      mkdirSync(join('out', name), { recursive: true });
    }
  } finally {
    vi.useRealTimers();
    process.chdir(home);
  }
});

test('the results are a summary, a line of metrics each, and a report', async () => {
  const folder = join(temporaryFolder(), 'new');
  const { summary: run } = await runOne(tinyRun, await tinyContext(tinyRun));
  const metrics = [
    { kind: 'step', run: 0, optimizer: 'sgd', seed: 1, epoch: 1, step: 1, loss: 2.5 },
    { kind: 'step', run: 0, optimizer: 'sgd', seed: 1, epoch: 1, step: 2, loss: 2.25 },
  ] as const;
  await writeResults(folder, { runs: [run], metrics });
  expect(readdirSync(folder).sort()).toEqual(['metrics.jsonl', 'report.html', 'summary.json']);
  expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toEqual({ runs: [run] });
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(metrics);
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('<html');
  expect(await readResults(folder)).toEqual({ runs: [run], metrics });
  expect(await readResults(join(folder, 'none'))).toEqual({ runs: [], metrics: [] });
});
