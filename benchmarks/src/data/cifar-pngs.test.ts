import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { madeContext } from '../testing/data-files.ts';
import { type Member, tarArchive } from '../testing/tar-archive.ts';
import { readCifarPngs } from './cifar-pngs.ts';
import { encodeRecords, RECORD_BYTES } from './cifar-records.ts';
import type { FetchContext } from './source.ts';

// Two images a file in place of 10,000.
const files = ['data_batch_1.bin', 'data_batch_2.bin', 'test_batch.bin'].map((name) => ({
  name,
  bytes: 2 * RECORD_BYTES,
  sha256: '',
}));
const pixels = (seed: number): Uint8Array => Uint8Array.from({ length: 2 * 3072 }, (_, at) => (at * seed) % 251);
const png = (data: Uint8Array, width = 1024): Uint8Array =>
  encode({ width, height: data.length / 3 / width, channels: 3, data });

// In the order of the package, labels last.
const members: readonly Member[] = [
  ['package/data_batch_1.png', 'file', png(pixels(3))],
  ['package/data_batch_2.png', 'file', png(pixels(5))],
  ['package/test_batch.png', 'file', png(pixels(7))],
  ['package/test_lables.json', 'file', '[9,8]'],
  ['package/train_lables.json', 'file', '[1,2,3,4]'],
];

async function read(archived: readonly Member[], context: FetchContext = madeContext()) {
  const archive = gzipSync(tarArchive(archived));
  const contents = new Map<string, Uint8Array>();
  async function* pieces() {
    yield archive;
  }
  for await (const { file, content } of readCifarPngs(pieces, files, context)) contents.set(file.name, content);
  return contents;
}

test('each file has the images of its PNG and its part of the labels, in the official layout', async () => {
  expect(await read(members)).toEqual(
    new Map([
      ['data_batch_1.bin', encodeRecords({ pixels: pixels(3), labels: Uint8Array.of(1, 2) })],
      ['data_batch_2.bin', encodeRecords({ pixels: pixels(5), labels: Uint8Array.of(3, 4) })],
      ['test_batch.bin', encodeRecords({ pixels: pixels(7), labels: Uint8Array.of(9, 8) })],
    ]),
  );
});

test('a PNG of another size is refused with both sizes', async () => {
  await expect(read(members.with(1, ['package/data_batch_2.png', 'file', png(pixels(5), 32)]))).rejects.toThrow(
    'package/data_batch_2.png is 32 × 64 pixels of 3 times 8 bits; expected are 1024 × 2 pixels of 3 bytes',
  );
});

test('without its labels a package is refused', async () => {
  await expect(read(members.slice(0, -1))).rejects.toThrow('there is no package/train_lables.json in the package');
});

test('a user who stops waits for one file at most', async () => {
  const controller = new AbortController();
  const decoded: string[] = [];
  const context = {
    ...madeContext(controller.signal),
    say(line: string) {
      decoded.push(line);
      if (decoded.length === 2) controller.abort(new Error('stopped by the user'));
    },
  };
  await expect(read(members, context)).rejects.toThrow('stopped by the user');
  expect(decoded).toEqual(['Decoding data_batch_1.png …', 'Decoding data_batch_2.png …']);
});
