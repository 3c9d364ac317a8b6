import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { madeContext, madeFile, madeSource } from '../testing/data-files.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { obtain } from './obtain.ts';
import type { Source } from './source.ts';
import { sha256 } from './verify.ts';

const one = madeFile('one', 'the content of one');
const two = madeFile('two', 'the content of two');
const wanted = (...sources: Source[]) => ({ title: 'Made', files: [one.file, two.file], sources });
// Files of which not even the first arrives.
const failingWith = (error: Error): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
});
const failing: Source = {
  name: 'broken.example',
  read: () => failingWith(new Error('no answer within 8 s')),
};

test('missing files come from the first source that has them, and later sources are not asked', async () => {
  const folder = join(temporaryFolder(), 'set');
  const later = madeSource('later', [one, two]);
  const contents = await obtain(wanted(madeSource('first', [one, two]), later), folder, madeContext());
  expect(contents.map(String)).toEqual(['the content of one', 'the content of two']);
  expect(readFileSync(join(folder, 'one'), 'utf8')).toBe('the content of one');
  expect(later.asked).toEqual([]);
});

test('files in the cache are verified and no source is asked', async () => {
  const folder = temporaryFolder();
  for (const { file, content } of [one, two]) writeFileSync(join(folder, file.name), content);
  const source = madeSource('source', [one, two]);
  await obtain(wanted(source), folder, madeContext());
  expect(source.asked).toEqual([]);
});

test('a source that has only some files is completed by the next, which is asked for the rest alone', async () => {
  const next = madeSource('next', [one, two]);
  await obtain(wanted(madeSource('first', [one]), next), temporaryFolder(), madeContext());
  expect(next.asked).toEqual(['two']);
});

test('a source that fails is named in one line and the next one is tried', async () => {
  const context = madeContext();
  await obtain(wanted(failing, madeSource('good', [one, two])), temporaryFolder(), context);
  expect(context.said).toEqual(['broken.example: no answer within 8 s; looking elsewhere']);
});

test('corrupted content from a source is refused with both digests and never reaches the cache', async () => {
  const folder = temporaryFolder();
  const corrupted = { file: one.file, content: Buffer.from('the content of ONE') };
  const error = await obtain(wanted(madeSource('bad', [corrupted])), folder, madeContext()).catch((e) => e);
  expect(error.message).toContain(
    `bad: one is corrupted: expected SHA-256 ${one.file.sha256}, found ${sha256(corrupted.content)}; it was not kept`,
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('what a source gave before it failed stays, and only the rest is fetched again', async () => {
  const folder = temporaryFolder();
  const breaksOff: Source = {
    name: 'breaking',
    async *read() {
      yield { file: one.file, content: one.content };
      throw new Error('it ended after 18 of 36 bytes');
    },
  };
  const next = madeSource('next', [one, two]);
  await obtain(wanted(breaksOff, next), folder, madeContext());
  expect(next.asked).toEqual(['two']);
});

test.each([
  ['corrupted', 'the content of ONE', 'one is corrupted: expected'],
  ['short', 'the', 'one is corrupted (3 bytes, 18 expected): expected'],
])('a %s file in the cache is refused with its digests and what to do, and stays as it is', async (_, text, start) => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'one'), text);
  writeFileSync(join(folder, 'two'), two.content);
  const error = await obtain(wanted(madeSource('source', [one])), folder, madeContext()).catch((e) => e);
  expect(error.message).toContain(start);
  expect(error.message).toContain(`SHA-256 ${one.file.sha256}, found ${sha256(Buffer.from(text))}`);
  expect(error.message).toContain(`delete ${join(folder, 'one')} and run again`);
  expect(existsSync(join(folder, 'one'))).toBe(true);
});

test('when no source has a file every failure is listed', async () => {
  const attempt = obtain(wanted(failing, madeSource('empty', [])), temporaryFolder(), madeContext());
  await expect(attempt).rejects.toThrow(
    'Made could not be fetched from anywhere: broken.example: no answer within 8 s',
  );
});

test('a user who stops is not sent to the next source', async () => {
  const controller = new AbortController();
  const next = madeSource('next', [one, two]);
  const stopped: Source = {
    name: 'slow',
    read() {
      controller.abort(new Error('stopped by the user'));
      return failingWith(new Error('aborted'));
    },
  };
  const attempt = obtain(wanted(stopped, next), temporaryFolder(), madeContext(controller.signal));
  await expect(attempt).rejects.toThrow('stopped by the user');
  expect(next.asked).toEqual([]);
});

test('a cache that cannot be written is found out before anything is fetched', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const source = madeSource('source', [one, two]);
  await expect(obtain(wanted(source), join(file, 'set'), madeContext())).rejects.toThrow(
    `${join(file, 'set')} cannot be written (ENOTDIR); set FLATMIN_CACHE to a folder that can`,
  );
  expect(source.asked).toEqual([]);
});
