import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { madeContext, madeFile } from '../testing/data-files.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { installed } from './installed.ts';

const one = madeFile('one', 'the content of one');
const two = madeFile('two', 'the content of two');
const files = [one.file, two.file];

async function read(folders: string[]): Promise<string[]> {
  const contents: string[] = [];
  for await (const { content } of installed(folders).read(files, madeContext())) {
    contents.push(content.toString());
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

test.each([
  ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ['a device', (path: string) => symlinkSync('/dev/zero', path)],
  ['too long', (path: string) => writeFileSync(path, Buffer.alloc(one.content.length + 65_537))],
])('a file that is %s is refused and not read', async (_, make) => {
  const folder = temporaryFolder();
  make(join(folder, 'one.gz'));
  writeFileSync(join(folder, 'two.gz'), gzipSync(two.content));
  await expect(read([folder])).rejects.toThrow(`${join(folder, 'one.gz')} is no file of at most 65554 bytes`);
});
