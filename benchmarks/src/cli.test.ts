import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { main } from './cli.ts';
import { fashionMnist } from './data/fashion-mnist.ts';
import { optimizers } from './optimizers.ts';
import { madeUpRun } from './report/sample.ts';
import type { Summary } from './results.ts';
import { memoryIo } from './testing/streams.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

async function run(...args: string[]) {
  const io = memoryIo();
  const exitCode = await main(args, io);
  return { exitCode, out: io.stdout.text(), err: io.stderr.text() };
}

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
const summaryIn = (folder: string): Summary => JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));

test.each([
  [['compare', '--dataset', 'mnist'], '--dataset mnist must be one of fashion-mnist, cifar-10, made-stripes'],
  [['compare', '--model', 'resnet'], '--model resnet must be one of conv4-16, conv4-32, conv4-16-bn, resnet-12, '],
  [['compare', '--backend', 'cuda'], '--backend cuda must be one of tensorflow-gpu, tensorflow, '],
  [['compare', '--backend', 'webgpu'], '--backend webgpu cannot be read synchronously under Node, '],
  [['compare', '--backend', 'webgl'], '--backend webgl is not available: Node has no WebGL; take '],
  [['compare', '--optimizers', 'sgd,adam'], '--optimizers adam must be one of sgd, sam'],
  [['compare', '--epochs', '0'], '--epochs 0 must be a whole number, at least 1'],
  [['compare', '--epochs', 'many'], '--epochs many must be a whole number, at least 1'],
  [['compare', '--batch-size', '1.5'], '--batch-size 1.5 must be a whole number, at least 1'],
  [['compare', '--learning-rate', 'NaN'], '--learning-rate NaN must be a number, greater than 0'],
  [['compare', '--learning-rate', '-1'], '--learning-rate -1 must be a number, greater than 0'],
  [['compare', '--momentum', '1'], '--momentum 1 must be a number, at least 0 and less than 1'],
  [['compare', '--rho', '-1'], '--rho -1 must be a number, at least 0'],
  [['compare', '--seed', '-1'], '--seed -1 must be a whole number, at least 0 and at most 4294967295'],
  [['compare', '--limit', '60001'], '--limit 60001 must be at most the 60000 training images of fashion-mnist'],
  [['compare', '--limit', 'some'], '--limit some must be a whole number, at least 1'],
  [['compare', '--validation', '-5'], '--validation -5 must be a whole number, at least 0'],
  [['run', '--learning-rates', '.1,,.2'], '--learning-rates "" must be a number, greater than 0'],
  [['run', '--seeds', '1,x'], '--seeds x must be a whole number, at least 0 and at most 4294967295'],
  [['variants', 'adam'], 'variant adam must be one of sam, sam-second-order, asam, '],
  [['compare', '--optimizers', 'sgd,sam-on'], '--optimizers sam-on perturbs normalisation layers only, and'],
  [
    ['compare', '--optimizers', 'm-sam', '--limit', '65'],
    '--optimizers m-sam takes batches in 4 parts, and the last of 65 images',
  ],
  [['compare', '--checkpoint'], '--checkpoint needs --out <folder>, where the same command finds it again'],
  [['run', '--out', 'x', '--checkpoint', 'often'], '--checkpoint often must be a number, at least 0'],
  [
    ['run', '--queue', 'localhost:6379'],
    '--queue localhost:6379 must be the address of a Redis server; give one such as',
  ],
  [['run', '--queue', 'redis://localhost'], '--queue needs --out <folder>, where the same command finds it again'],
  [
    ['run', '--queue', 'redis://localhost', '--out', 'x', '--force'],
    '--force replaces the results of --out and --queue',
  ],
  [['worker'], "required option '--queue <url>' not specified"],
  [['worker', '--queue', 'redis://localhost', '--lost', '0'], '--lost 0 must be a number, at least 1 and at most 3600'],
  [['worker', '--queue', 'redis://localhost', '--name', 'a b'], '--name "a b" must be letters, digits and . _ - @'],
  [['table', 'seed', '--from', 'x', '--queue', 'redis://localhost'], '--from x prints and trains nothing, so --queue'],
  [['data', 'cifar'], 'data set cifar must be one of fashion-mnist, cifar-10, made-stripes'],
  [['compare', '--epoch', '3'], "unknown option '--epoch'"],
  [['compare', '--epochs'], "option '--epochs <count>' argument missing"],
  [['train'], "unknown command 'train'"],
  [['run', '--part', '3/2'], '--part "3/2" must be two whole numbers, as 1/2, the first at most the second'],
  [['run', '--seeds', '1', '--part', '2/2'], '--part 2/2 leaves none of the 1 runs; give at most 1 part'],
  [['run', '--resume'], '--resume needs --out <folder>'],
  [['run', '--augment', 'rotate'], '--augment rotate must be one of pad-crop, flip, cutout'],
  [['table', 'first'], 'table first must be one of seed, '],
  [['table', 'seed', '--scale', '2'], '--scale 2 must be a number, greater than 0 and at most 1'],
  [['table', 'conv4-learning-rate', '--from', '.'], "--from . holds none of the table's runs in fashion-mnist-conv4"],
])('%j ends with exit code 2 and one sentence: %s', async (args, sentence) => {
  const { exitCode, out, err } = await run(...args);
  expect(exitCode).toBe(2);
  expect(err.split('\n')[0]).toContain(`error: ${sentence}`);
  expect(err).not.toContain('    at ');
  expect(out).toBe('');
});

test.each([['run', '--dataset', 'made-stripes', '--out', 'nowhere'], ['worker']])(
  '%s says at once where no Redis is, with exit code 1, and makes nothing',
  async (...args) => {
    const { exitCode, err } = await run(...args, '--queue', 'redis://127.0.0.1:1');
    expect(exitCode).toBe(1);
    expect(err).toBe(
      'error: --queue redis://127.0.0.1:1 cannot be reached (connect ECONNREFUSED 127.0.0.1:1); start a Redis server there, or give another address\n',
    );
    expect(existsSync('nowhere')).toBe(false);
  },
);

test('help names every choice and every default, and is no error', async () => {
  const { exitCode, out } = await run('compare', '--help');
  expect(exitCode).toBe(0);
  for (const part of [
    'conv4-32',
    'made-stripes',
    'default: "wasm"',
    'default: 64',
    'default: 0.02',
    'default: sgd,sam',
    '10000',
  ]) {
    expect(out.replace(/\s+/g, ' ')).toContain(part);
  }
});

test('variants tells all of them, or one in full, as text or as JSON', async () => {
  const names = [...optimizers.keys()].filter((name) => name !== 'sgd');
  const all = await run('variants');
  expect(all.exitCode).toBe(0);
  expect(all.out.match(/^[\w-]+(?=:)/gm)).toEqual(names);
  expect((await run('variants', 'looksam')).out).toMatch(/^looksam: .* cost +1.2 gradients a step\n.* k +5\n/s);
  const json: { name: string }[] = JSON.parse((await run('variants', '--json')).out);
  expect(json.map(({ name }) => name)).toEqual(names);
  expect(JSON.parse((await run('variants', 'sam', '--json')).out)).toMatchObject({ name: 'sam', limit: 'exact' });
});

test('all optimizers are asked for by one word', async () => {
  const out = join(temporaryFolder(), 'results');
  expect((await run('run', ...tiny, '--optimizers', 'all', '--out', out)).err).toContain('--optimizers sam-on');
});

test('run trains the whole matrix, prints the table, and says where the results are', async () => {
  const out = join(temporaryFolder(), 'results');
  const result = await run(
    'run',
    ...tiny,
    '--epochs',
    '1',
    '--learning-rates',
    '.1,.2',
    '--seeds',
    '1,2',
    '--out',
    out,
  );
  expect(result.exitCode).toBe(0);
  expect(summaryIn(out).runs.map(({ learningRate, seed }) => [learningRate, seed])).toEqual([
    [0.1, 1],
    [0.1, 2],
    [0.2, 1],
    [0.2, 2],
  ]);
  expect(result.out).toContain('| optimizer |');
  expect(result.out).toContain(`Results: ${out} (summary.json, metrics.jsonl, report.html)`);
});

test('run understands --seed and --learning-rate too', async () => {
  const out = join(temporaryFolder(), 'results');
  await run('run', ...tiny, '--epochs', '1', '--learning-rate', '.3', '--seed', '7', '--out', out);
  expect(summaryIn(out).runs[0]).toMatchObject({ learningRate: 0.3, seed: 7 });
});

test('results are not overwritten unless --force is given', async () => {
  const out = temporaryFolder();
  writeFileSync(join(out, 'summary.json'), 'precious');
  const refused = await run('run', ...tiny, '--epochs', '1', '--out', out);
  expect(refused.exitCode).toBe(2);
  expect(refused.err).toBe(
    `error: --out ${out} already holds a summary.json; give another folder, --checkpoint to add to it, or --force to replace it\n`,
  );
  expect(readFileSync(join(out, 'summary.json'), 'utf8')).toBe('precious');
  expect((await run('run', ...tiny, '--epochs', '1', '--out', out, '--force')).exitCode).toBe(0);
  expect(summaryIn(out).runs).toHaveLength(1);
});

test.each(['compare', 'run'])(
  '%s --checkpoint keeps its runs, and the same command again shows them',
  async (command) => {
    vi.stubEnv('GIT_DIR', temporaryFolder()); // a commit made meanwhile would be another code's
    const out = join(temporaryFolder(), 'results');
    const args = [command, ...tiny, '--epochs', '1', '--out', out, '--checkpoint'];
    const [first, again] = [await run(...args), await run(...args)];
    expect(first.exitCode).toBe(0);
    expect(again).toMatchObject({ exitCode: 0, out: first.out });
    expect(again.err).toMatch(/^(.*: finished before, as .*results has it, of commit unknown\n)+$/);
    const runs = summaryIn(out).runs.length;
    expect((await run(...args.slice(0, -1), '--resume', '--momentum', '.5')).exitCode).toBe(0);
    expect(summaryIn(out).runs.map(({ momentum }) => momentum)).toEqual([
      ...Array(runs).fill(0.9),
      ...Array(runs).fill(0.5),
    ]);
    vi.unstubAllEnvs();
  },
);

test('corrupted data ends with exit code 1 and one sentence; --verbose adds where it came from', async () => {
  const cache = temporaryFolder();
  vi.stubEnv('FLATMIN_CACHE', cache);
  vi.stubEnv('DEBUG', '');
  try {
    mkdirSync(join(cache, 'fashion-mnist'));
    for (const { path } of fashionMnist.files()) writeFileSync(path, 'corrupted');
    const { exitCode, err } = await run('data', 'fashion-mnist');
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^error: train-images-idx3-ubyte is corrupted .*: expected SHA-256 c59f\w+, found \w+; delete .*\n$/,
    );
    expect((await run('data', 'fashion-mnist', '--verbose')).err).toContain('    at ');
    const out = join(temporaryFolder(), 'results');
    expect((await run('compare', '--optimizers', 'sgd', '--out', out)).exitCode).toBe(1);
    expect(existsSync(out)).toBe(false);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('an --out that cannot be made is named before any training', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const { exitCode, err } = await run('run', ...tiny, '--out', join(file, 'results'));
  expect(exitCode).toBe(1);
  expect(err).toBe(`error: ${join(file, 'results')} cannot be written (ENOTDIR); give another --out\n`);
});

test('data says what a made data set is', async () => {
  const { exitCode, out } = await run('data', 'made-stripes');
  expect(exitCode).toBe(0);
  expect(out).toBe(
    'made-stripes: 1000 training and 300 test images of 8 × 8 pixels in 10 classes; networks see pixel / 255\n',
  );
});

test('runs are shared by --part, merged, and turned into one page', async () => {
  const folder = temporaryFolder();
  const [one, other, both, page] = ['one', 'other', 'both', 'page.html'].map((name) => join(folder, name));
  const matrix = ['run', ...tiny, '--epochs', '1', '--seeds', '1,2,3'];
  await run(...matrix, '--part', '1/2', '--out', one!, '--checkpoint');
  await run(...matrix, '--part', '2/2', '--out', other!, '--checkpoint');
  expect(summaryIn(one!).runs.map(({ seed }) => seed)).toEqual([1, 3]);
  expect(summaryIn(other!).runs.map(({ seed }) => seed)).toEqual([2]);
  expect(await run('merge', one!, other!, '--out', both!)).toMatchObject({ exitCode: 0, out: `3 runs in ${both}\n` });
  expect(summaryIn(both!).runs.map(({ seed }) => seed)).toEqual([1, 3, 2]);
  expect(readdirSync(join(both!, 'checkpoints'))).toHaveLength(3);
  expect(await run('report', one!, other!, '--out', page!)).toMatchObject({ exitCode: 0, out: `3 runs in ${page}\n` });
  expect(readFileSync(page!, 'utf8')).toContain('3 runs of sgd');
  expect((await run('report', one!, '--out', other!)).err).toBe(
    `error: --out ${other} is a folder; give the name of a file in it\n`,
  );
  const nothing = await run('merge', one!, folder, '--out', both!);
  expect(nothing.err).toBe(`error: ${folder} holds no runs; give a folder with a summary.json\n`);
  expect(summaryIn(both!).runs).toHaveLength(3);
});

test('merge tells of finished runs with the same settings and other weights', async () => {
  const [one, other] = [temporaryFolder(), temporaryFolder()];
  for (const [folder, weightsDigest] of [
    [one, 'c0ffee'],
    [other, 'decade'],
  ] as const) {
    writeFileSync(join(folder, 'summary.json'), JSON.stringify({ runs: [madeUpRun({ weightsDigest })] }));
  }
  const { err } = await run('merge', one, other, '--out', temporaryFolder());
  expect(err).toMatch(
    /^sgd, seed 0: the run in .* ended with other weights than the same of commit .*, which stays\.\n$/,
  );
});

test('table prints the founding table from the folder that has it', async () => {
  const folder = temporaryFolder();
  const missing = await run('table', 'seed', '--from', folder);
  expect(missing).toMatchObject({ exitCode: 2, out: '' });
  expect(missing.err).toBe(
    `error: --from ${folder} holds no seed-table.json, and none of its runs in ${folder}/seed-table; train them with "table seed"\n`,
  );
  writeFileSync(join(folder, 'seed-table.json'), '{}');
  expect((await run('table', 'seed', '--from', folder)).err).toMatch(
    /seed-table.json cannot be read as the founding table \(.*\); make it anew with "table seed"\n$/,
  );
  writeFileSync(join(folder, 'seed-table.json'), '{ "runs": [], "lastEpochs": [], "comparisons": [] }');
  expect((await run('table', 'seed', '--from', folder)).out).toContain('92.82 %');
});

test('table tells what --from lacks, and refuses what is for training', async () => {
  const folder = temporaryFolder();
  expect((await run('table', 'conv4', '--from', folder, '--scale', '.5', '--backend', 'cpu')).err).toBe(
    `error: --from ${folder} holds none of the table's runs at --scale 0.5 on --backend cpu in ${folder}/fashion-mnist-conv4; train them without --from\n`,
  );
  for (const options of [['--out', folder], ['--resume'], ['--part', '1/2'], ['--checkpoint']]) {
    const { exitCode, err } = await run('table', 'seed', '--from', folder, ...options);
    expect(exitCode).toBe(2);
    expect(err).toBe(
      `error: --from ${folder} prints and trains nothing, so ${options[0]} has no meaning; leave out one of them\n`,
    );
  }
});
