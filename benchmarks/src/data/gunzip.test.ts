import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { madeFile } from '../testing/data-files.ts';
import { gunzipFile } from './gunzip.ts';

const { file, content } = madeFile('one', 'the content of one');

test('a file is unpacked', () => {
  expect(gunzipFile(gzipSync(content), file)).toEqual(content);
});

test('a file that breaks off is refused', () => {
  expect(() => gunzipFile(Buffer.from([0x1f, 0x8b, 8, 0]), file)).toThrow(
    'one.gz is corrupted (unexpected end of file); it was not kept',
  );
});

test('a small file that unpacks to a very large one is refused before it is unpacked', () => {
  expect(() => gunzipFile(gzipSync(Buffer.alloc(50_000_000)), file)).toThrow(
    'one.gz is corrupted (it holds more than 18 bytes); it was not kept',
  );
});
