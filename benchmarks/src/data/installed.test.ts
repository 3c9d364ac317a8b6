import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { madeContext, madeFile } from '../testing/data-files.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { installed } from './installed.ts';

const one = madeFile('one', 'the content of one');
const two = madeFile('two', 'the content of two');
const files = [one.file, two.file];

async function read(folders: string[]): Promise<string[]> {
  const contents: string[] = [];
  for await (const { compressed } of installed(folders).read(files, madeContext())) {
    contents.push(gunzipSync(compressed).toString());
  }
  return contents;
}

test('the first folder that holds every file is read', async () => {
  const [partial, whole] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(partial, 'one.gz'), gzipSync('another one'));
  for (const { file, content } of [one, two]) writeFileSync(join(whole, `${file.name}.gz`), gzipSync(content));
  expect(await read([partial, whole])).toEqual(['the content of one', 'the content of two']);
});

test('without any folder there is nothing, and no error', async () => {
  expect(await read([join(temporaryFolder(), 'missing')])).toEqual([]);
});
