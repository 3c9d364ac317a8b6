import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { madeContext, madeFile } from '../testing/data-files.ts';
import { debianPackage } from './debian.ts';
import type { RunProgram } from './run-program.ts';

const { file, content } = madeFile('one', 'some content');
const wanted = { name: 'dataset-made', size: '1 MB', folder: 'usr/share/datasets/made' };
const unknown = new Error('apt-get download failed (E: Unable to locate package dataset-made)');

/** A machine whose `apt-get download` fails with each of the errors, then works. */
function machine(failures: Error[] = []) {
  const calls: string[] = [];
  const folders: string[] = [];
  const run: RunProgram = async (program, args, { cwd }) => {
    calls.push([program, ...args].join(' '));
    folders.push(cwd);
    if (args[0] === 'download') {
      const failure = failures.shift();
      if (failure) throw failure;
      writeFileSync(join(cwd, 'dataset-made_1_all.deb'), '');
    }
    if (program === 'dpkg') {
      const folder = join(cwd, 'unpacked', wanted.folder);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'one.gz'), gzipSync(content));
    }
  };
  return { run, calls, folders };
}

async function readAll(run: RunProgram, isRoot: boolean): Promise<string[]> {
  const names: string[] = [];
  for await (const fetched of debianPackage(wanted, { run, isRoot }).read([file], madeContext())) {
    names.push(fetched.file.name);
  }
  return names;
}

test('the package is downloaded and unpacked in a folder that is gone afterwards', async () => {
  const { run, calls, folders } = machine();
  expect(await readAll(run, false)).toEqual(['one']);
  expect(calls).toEqual(['apt-get download dataset-made', 'dpkg -x dataset-made_1_all.deb unpacked']);
  expect(folders.some((folder) => existsSync(folder))).toBe(false);
});

test('root fetches missing package lists and tries once more', async () => {
  const { run, calls } = machine([unknown]);
  expect(await readAll(run, true)).toEqual(['one']);
  expect(calls.slice(0, 3)).toEqual([
    'apt-get download dataset-made',
    'apt-get update',
    'apt-get download dataset-made',
  ]);
});

test('without root missing package lists are explained, and nothing is left', async () => {
  const { run, folders } = machine([unknown]);
  await expect(readAll(run, false)).rejects.toThrow(
    'apt-get does not know dataset-made, run "sudo apt-get update" first',
  );
  expect(folders.some((folder) => existsSync(folder))).toBe(false);
});

test('another failure of apt-get is passed on, without fetching lists', async () => {
  const { run, calls } = machine([new Error('apt-get download failed (E: Failed to fetch: 503)')]);
  await expect(readAll(run, true)).rejects.toThrow('apt-get download failed (E: Failed to fetch: 503)');
  expect(calls).toEqual(['apt-get download dataset-made']);
});
