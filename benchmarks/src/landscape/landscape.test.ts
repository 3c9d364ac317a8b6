import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../cli.ts';
import { datasets } from '../data/datasets.ts';
import type { Summary } from '../results.ts';
import { memoryIo } from '../testing/streams.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { LandscapeResults } from './results.ts';

async function run(...args: string[]) {
  const io = memoryIo();
  const exitCode = await main(args, io);
  return { exitCode, out: io.stdout.text(), err: io.stderr.text() };
}

const folder = mkdtempSync(join(tmpdir(), 'flatmin-test-'));
const runs = join(folder, 'runs');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const tiny = [
  '--dataset',
  'made-stripes',
  '--model',
  'linear',
  '--backend',
  'cpu',
  '--limit',
  '40',
  '--batch-size',
  '16',
];
beforeAll(async () => {
  const trained = await run('run', ...tiny, '--optimizers', 'sam,sgd', '--epochs', '2', '--out', runs, '--checkpoint');
  expect(trained.exitCode).toBe(0);
});

const few = ['--images', '30', '--points', '3'];
const read = (folder: string): LandscapeResults => JSON.parse(readFileSync(join(folder, 'landscape.json'), 'utf8'));
const files = () => readdirSync(join(runs, 'checkpoints')).map((name) => join(runs, 'checkpoints', name));

test('all measures of the runs in a folder are told and kept, plain gradient descent first', async () => {
  const out = join(temporaryFolder(), 'landscape');
  const { exitCode, out: told } = await run('landscape', runs, '--out', out, ...few);
  expect(exitCode).toBe(0);
  const { runs: measured } = read(out);
  expect(measured.map(({ run }) => run.optimizer)).toEqual(['sgd', 'sam']);
  for (const { run, measured: of } of measured) {
    expect(of.sharpness!.value.sharpness).toBeGreaterThan(0);
    expect(of.eigenvalues!.value.eigenvalues).toHaveLength(5);
    // The sum of all eigenvalues is more than that of five; of softmax regression none is below zero.
    const sum = of.eigenvalues!.value.eigenvalues.reduce((total, { value }) => total + value, 0);
    expect(of.trace!.value.trace).toBeGreaterThan(sum * 0.7);
    expect(of.surface!.value.losses.map((row) => row.length)).toEqual([3, 3, 3]);
    expect(of.surface!.value.losses[1]![1]).toBe(of.surface!.value.centre);
    expect(of.line!.value.losses[20]).toBe(of.line!.value.centre);
    expect(of.pacBayes).toMatchObject({ given: { rho: 0.05, images: 30 }, value: { samples: 30, vacuous: true } });
    expect(run.weightsDigest).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(readdirSync(out).toSorted()).toEqual([
    'contours.svg',
    'landscape.html',
    'landscape.json',
    'line.svg',
    'spectrum.svg',
    'surfaces.svg',
    'update.svg',
  ]);
  const page = readFileSync(join(out, 'landscape.html'), 'utf8');
  expect(page.match(/<svg/g)).toHaveLength(10);
  expect(page).not.toMatch(/<script|src=|NaN|undefined/);
  expect(page).toContain('On the first 30 images that each was trained on');
  expect(page).toContain('at ρ &#61; 0.05.');
  expect(told).toContain('k = 650 parameters, n = 30 samples');
  expect(told).toContain('vacuous');
});

test('networks of one task stand together, whatever their files are called', async () => {
  const [mixed, out] = [join(temporaryFolder(), 'mixed'), temporaryFolder()];
  for (const images of ['40', '30'])
    await run(
      'run',
      ...tiny,
      '--limit',
      images,
      '--optimizers',
      'sgd,sam',
      '--epochs',
      '1',
      '--out',
      mixed,
      '--checkpoint',
    );
  await run('landscape', mixed, '--out', out, '--measures', 'sharpness');
  const told = read(out).runs.map((one) => [one.run.trainImages, one.run.optimizer]);
  const [first] = told[0]!;
  expect(told).toEqual(
    [first, 70 - Number(first)].flatMap((images) => [
      [images, 'sgd'],
      [images, 'sam'],
    ]),
  );
});

test('sharpness is that of the table of results', async () => {
  const out = temporaryFolder();
  await run('landscape', runs, '--out', out, '--measures', 'sharpness');
  const { runs: summaries }: Summary = JSON.parse(readFileSync(join(runs, 'summary.json'), 'utf8'));
  for (const { run, measured } of read(out).runs) {
    const { sharpness } = summaries.find(({ optimizer }) => optimizer === run.optimizer)!;
    expect(measured.sharpness!.value.sharpness).toBeCloseTo(sharpness!, 5);
  }
});

test('a run of fewer images than asked for is measured on its own, and its bound knows of no more', async () => {
  const out = temporaryFolder();
  await run('landscape', runs, '--out', out, '--measures', 'pacBayes', '--images', '2000');
  expect(read(out).runs[0]!.measured.pacBayes).toMatchObject({ given: { images: 40 }, value: { samples: 40 } });
  expect(readFileSync(join(out, 'landscape.html'), 'utf8')).toContain(
    'On the first 40 images that each was trained on',
  );
});

test('what was measured is not measured again, unless it depends on an option that changed', async () => {
  const out = temporaryFolder();
  const asked = ['--out', out, '--measures', 'sharpness,adaptiveSharpness', '--images', '30'];
  expect((await run('landscape', files()[0]!, ...asked)).err.split('\n')).toHaveLength(3);
  const before = read(out);
  expect((await run('landscape', ...files(), ...asked)).err.split('\n')).toHaveLength(3); // the other run
  expect(read(out).runs[0]).toEqual(before.runs[0]);
  const fetched = vi.spyOn(datasets.get('made-stripes')!, 'load');
  expect((await run('landscape', ...files(), ...asked)).err).toBe('');
  expect(fetched).not.toHaveBeenCalled(); // figures of committed measures need no data
  const { err } = await run('landscape', ...files(), ...asked, '--rho', '0.1');
  expect(err.match(/L\(w \+ ρĝ\)/g)).toHaveLength(2);
  expect(err).not.toContain('metric');
});

test('measures that were taken before and are not asked for now stay', async () => {
  const out = temporaryFolder();
  await run('landscape', runs, '--out', out, '--measures', 'sharpness,pacBayes', '--images', '30');
  const before = read(out);
  await run('landscape', runs, '--out', out, '--measures', 'sharpness', '--images', '20');
  for (const [position, { measured }] of read(out).runs.entries()) {
    expect(measured.pacBayes).toEqual(before.runs[position]!.measured.pacBayes);
    expect(measured.sharpness!.given).toEqual({ images: 20, rho: 0.05 });
  }
});

test('a measure that was taken with other settings of its own is taken anew', async () => {
  const out = temporaryFolder();
  const asked = ['landscape', files()[0]!, '--out', out, '--measures', 'trace', '--images', '20'];
  await run(...asked);
  const path = join(out, 'landscape.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"probes":20', '"probes":10'));
  expect((await run(...asked)).err).toContain('trace');
  expect((await run(...asked)).err).toBe('');
});

test('a run that is given twice is one', async () => {
  const out = temporaryFolder();
  await run('landscape', runs, ...files(), '--out', out, '--measures', 'sharpness', '--images', '30');
  expect(read(out).runs).toHaveLength(2);
});

test('runs that were measured before and are not asked for now stay in the file', async () => {
  const out = temporaryFolder();
  const asked = ['--out', out, '--measures', 'sharpness', '--images', '30'];
  await run('landscape', files()[0]!, ...asked);
  await run('landscape', files()[1]!, ...asked);
  expect(read(out).runs).toHaveLength(2);
});

test.each([
  [['nowhere'], 'nowhere does not exist; give a folder for results, or a file in its checkpoints'],
  [['.'], '. has no weights of a finished run; train with --checkpoint, which keeps them'],
  [['package.json'], 'package.json is '],
  [['.', '--measures', 'height'], '--measures height must be one of sharpness, '],
  [['.', '--points', '2'], '--points 2 must be a whole number, at least 3'],
])('%j is refused: %s', async (args, sentence) => {
  const { exitCode, err } = await run('landscape', ...args);
  expect(exitCode).toBe(2);
  expect(err).toContain(`error: ${sentence}`);
});

test('a run that is not finished is refused, and in a folder passed over', async () => {
  const folder = temporaryFolder();
  const begun = join(folder, 'begun');
  const { RunCheckpoint } = await import('../checkpoint/run-checkpoint.ts');
  const identity = { data: '', commit: '', node: '' } as never;
  const checkpoint = await RunCheckpoint.open(join(begun, 'checkpoints', 'x.safetensors'), identity, 1);
  const course = { losses: [], epochs: [] } as never;
  mkdirSync(join(begun, 'checkpoints'), { recursive: true });
  await checkpoint.write({ course, weights: {}, learner: { gradientEvaluations: 0, optimizer: null } });
  expect((await run('landscape', checkpoint.path)).err).toContain(
    'keeps a run that is not finished; go on with it first',
  );
  expect((await run('landscape', begun)).err).toContain(`${begun} has no weights of a finished run`);
  copyFileSync(files()[0]!, join(begun, 'checkpoints', 'y.safetensors'));
  const { out } = await run('landscape', begun, '--out', folder, '--measures', 'sharpness');
  expect(out.match(/^\|/gm)).toHaveLength(3);
});

test('measures that cannot be read are refused, and stay as they are', async () => {
  const out = temporaryFolder();
  writeFileSync(join(out, 'landscape.json'), '{ "runs": [{}] }');
  const { exitCode, err } = await run('landscape', runs, '--out', out);
  expect(exitCode).toBe(2);
  expect(err).toContain('landscape.json cannot be read as measures (');
  expect(readFileSync(join(out, 'landscape.json'), 'utf8')).toBe('{ "runs": [{}] }');
});
