import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { seededRandom } from '../random.ts';
import { madeContext, madeFile, madeSource } from '../testing/data-files.ts';
import { serve } from '../testing/serve.ts';
import { tarArchive } from '../testing/tar-archive.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { downloadArchive, type RemoteArchive } from './download-archive.ts';
import { obtain } from './obtain.ts';
import type { Source } from './source.ts';

// Of a length that gzip cannot pack: a transfer that breaks off late has the first file whole.
const noise = (seed: number): string => {
  const random = seededRandom(seed);
  return String.fromCharCode(...Array.from({ length: 20_000 }, () => random.integer(0, 127)));
};
const one = madeFile('one.bin', noise(1));
const two = madeFile('two.bin', noise(2));
const archive = gzipSync(
  tarArchive([
    ['made-batches/', 'file', ''],
    ['made-batches/one.bin', 'file', one.content],
    ['made-batches/readme.html', 'file', '<html>'],
    ['made-batches/two.bin', 'file', two.content],
  ]),
);

const made = (url: string, more: Partial<RemoteArchive> = {}): Source =>
  downloadArchive({ url: `${url}/made.tar.gz`, size: '1 MB', longest: 100_000, folder: 'made-batches', ...more });
const wanted = (...sources: Source[]) => ({ title: 'Made', files: [one.file, two.file], sources });

test('the files of an archive end up in the cache, and the bytes are counted while they come', async () => {
  const url = await serve((request, response) => {
    expect(request.url).toBe('/made.tar.gz');
    response.setHeader('content-length', archive.length).end(archive);
  });
  const counts: [string, number, number | undefined][] = [];
  const context = { ...madeContext(), transferred: (...count: (typeof counts)[number]) => counts.push(count) };
  const folder = temporaryFolder();
  await obtain(wanted(made(url)), folder, context);
  expect(readdirSync(folder)).toEqual(['one.bin', 'two.bin']);
  expect(readFileSync(join(folder, 'two.bin'))).toEqual(two.content);
  expect(context.said).toEqual([`Fetching ${url}/made.tar.gz (1 MB) …`]);
  expect(counts.at(-1)).toEqual(['made.tar.gz', archive.length, archive.length]);
});

test('of a transfer that breaks off only whole files are kept, and the rest is looked for elsewhere', async () => {
  const folder = temporaryFolder();
  const url = await serve(async (_, response) => {
    response.setHeader('content-length', archive.length).write(archive.subarray(0, -5_000));
    await expect.poll(() => existsSync(join(folder, 'one.bin'))).toBe(true);
    response.destroy();
  });
  const next = madeSource('next', [one, two]);
  const context = madeContext();
  await obtain(wanted(made(url), next), folder, context);
  expect(next.asked).toEqual(['two.bin']);
  expect(context.said[1]).toMatch(
    /^127\.0\.0\.1:\d+: made\.tar\.gz could not be downloaded \(.+\); looking elsewhere$/,
  );
});

test('another file under the right name is not kept', async () => {
  const other = gzipSync(tarArchive([['made-batches/one.bin', 'file', noise(7)]]));
  const url = await serve((_, response) => response.end(other));
  const folder = temporaryFolder();
  await expect(obtain(wanted(made(url)), folder, madeContext())).rejects.toThrow(
    'one.bin is corrupted: expected SHA-256',
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('an archive longer than it can be is not read to its end', async () => {
  const url = await serve((_, response) => response.end(archive));
  await expect(obtain(wanted(made(url, { longest: 1_000 })), temporaryFolder(), madeContext())).rejects.toThrow(
    'made.tar.gz could not be downloaded (it is longer than 1000 bytes, which it cannot be)',
  );
});

test('a user who stops ends the transfer with the reason of the stop, and nothing is left', async () => {
  const controller = new AbortController();
  const url = await serve((_, response) => {
    response.write(archive.subarray(0, 5_000));
    setTimeout(() => controller.abort(new Error('stopped by the user')), 50);
  });
  const folder = temporaryFolder();
  const attempt = obtain(wanted(made(url)), folder, madeContext(controller.signal));
  await expect(attempt).rejects.toThrow('stopped by the user');
  expect(readdirSync(folder)).toEqual([]);
});
