import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from './cli.ts';
import { fashionMnist } from './data/fashion-mnist.ts';
import { memoryIo } from './testing/streams.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const isCached = fashionMnist.files().every(({ path }) => existsSync(path));
const tiny = ['--scale', '0.00001', '--backend', 'wasm'];

async function table(...args: string[]) {
  const io = memoryIo();
  const exitCode = await main(['table', ...args], io);
  return { exitCode, out: io.stdout.text(), err: io.stderr.text() };
}

test.runIf(isCached)(
  'the founding table is trained at a small scale, which it says, is gone on with, and printed from its folder',
  async () => {
    const out = temporaryFolder();
    const first = await table('seed', ...tiny, '--part', '1/4', '--out', out);
    expect(first.exitCode, first.err).toBe(0);
    expect(first.out).toContain('of the steps: 1 of 100 epochs, 64 of 60000 images in the first run.');
    expect(first.out).toMatch(/\| 1 of 100 epochs, 64 of 60,000 images \| +64 \|.* – \|/);
    const { err, out: both } = await table('seed', ...tiny, '--part', '2/4', '--out', out);
    expect(err).not.toContain('finished before');
    expect(both).toMatch(
      /\| 1 of 100 epochs, 64 of 60,000 images \| +64 \|( +\d+\.\d\d % \|){4}( +– \|){2}( +[\d,.e-]+ \|){3}/,
    );
    // The table's own file is of the table itself.
    expect(existsSync(join(out, 'seed-table.json'))).toBe(false);
    expect((await table('seed', '--from', out)).exitCode).toBe(2);
    const printed = (await table('seed', ...tiny, '--from', out)).out;
    expect(printed).toContain('64 of 60,000 images');
    expect(printed).toContain('learning rate 0.001 · momentum 0.9');
  },
  600_000,
);

test.runIf(isCached)(
  'the search of a learning rate is judged on held-out training images',
  async () => {
    const out = temporaryFolder();
    const { exitCode, err } = await table('conv4-learning-rate', ...tiny, '--out', out);
    expect(exitCode, err).toBe(0);
    const printed = await table('conv4-learning-rate', ...tiny, '--from', out);
    expect(printed.out).toContain('measured on 4,000 validation images');
    expect(printed.out).toMatch(/4 runs: 4 steps, 4 gradients, 0\.0 hours of training\.\n$/);
  },
  600_000,
);
