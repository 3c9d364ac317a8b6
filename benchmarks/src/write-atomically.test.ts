import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeAtomically } from './write-atomically.ts';

test('a file is replaced as a whole and nothing else is left', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'new', 'file.txt');
  await writeAtomically(path, 'a longer first content');
  await writeAtomically(path, 'second');
  expect(readFileSync(path, 'utf8')).toBe('second');
  expect(readdirSync(join(folder, 'new'))).toEqual(['file.txt']);
});

test('a write that fails leaves no part behind', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'taken'));
  await expect(writeAtomically(join(folder, 'taken'), 'content')).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['taken']);
});

test('a reader never sees a part of a file that is being replaced', async () => {
  const path = join(temporaryFolder(), 'file.txt');
  const contents = ['a', 'b'].map((letter) => letter.repeat(2_000_000));
  await writeAtomically(path, contents[0]!);
  let writing = true;
  const written = (async () => {
    for (const which of [1, 0, 1]) await writeAtomically(path, contents[which]!);
    writing = false;
  })();
  while (writing) {
    const seen = readFileSync(path, 'utf8');
    expect(contents.includes(seen)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await written;
});
