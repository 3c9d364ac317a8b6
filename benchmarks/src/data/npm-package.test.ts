import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { madeContext, madeFile } from '../testing/data-files.ts';
import { type NpmPackage, npmPackage } from './npm-package.ts';
import type { RunProgram } from './run-program.ts';

const { file, content } = madeFile('one', 'some content');

/** A machine whose `npm pack` leaves this package, or fails. */
function machine(outcome: Uint8Array | Error) {
  const calls: string[] = [];
  const folders: string[] = [];
  const run: RunProgram = async (program, args, { cwd }) => {
    calls.push([program, ...args].join(' '));
    folders.push(cwd);
    if (outcome instanceof Error) throw outcome;
    writeFileSync(join(cwd, 'made-1.2.3.tgz'), outcome);
  };
  return { run, calls, folders };
}

const wanted: NpmPackage = {
  name: 'made',
  version: '1.2.3',
  size: '1 MB',
  sha512: createHash('sha512').update(content).digest('hex'),
  async *read(pieces, [wantedFile]) {
    for await (const piece of pieces()) yield { file: wantedFile!, content: piece };
  },
};

async function readAll(run: RunProgram, more: Partial<NpmPackage> = {}): Promise<string[]> {
  const contents: string[] = [];
  for await (const fetched of npmPackage({ ...wanted, ...more }, run).read([file], madeContext())) {
    contents.push(String(fetched.content));
  }
  return contents;
}

test('the package is fetched into a folder that is gone afterwards, and no script of it runs', async () => {
  const { run, calls, folders } = machine(content);
  expect(await readAll(run)).toEqual(['some content']);
  expect(calls).toEqual(['npm pack made@1.2.3 --ignore-scripts --loglevel=error']);
  expect(folders.some((folder) => existsSync(folder))).toBe(false);
});

test('a package that is another is not opened, and nothing is left', async () => {
  const { run, folders } = machine(Buffer.from('another'));
  let opened = false;
  const read: NpmPackage['read'] = (...all) => {
    opened = true;
    return wanted.read(...all);
  };
  await expect(readAll(run, { read })).rejects.toThrow(
    `the package is another: expected SHA-512 ${wanted.sha512}, found`,
  );
  expect(opened).toBe(false);
  expect(folders.some((folder) => existsSync(folder))).toBe(false);
});

test('the reason that npm gives is told, not its last line', async () => {
  const cause = new Error(
    'Command failed: npm pack made@1.2.3\nnpm error code E404\nnpm error 404 Not Found\nnpm error 404\nnpm error A complete log is in: /log\n',
  );
  const { run, folders } = machine(new Error('npm pack failed (npm error A complete log is in: /log)', { cause }));
  await expect(readAll(run)).rejects.toThrow(/^npm pack failed \(404 Not Found\)$/);
  expect(folders.some((folder) => existsSync(folder))).toBe(false);
});

test('a machine without npm says so', async () => {
  await expect(readAll(machine(new Error('npm is not on this machine')).run)).rejects.toThrow(
    'npm is not on this machine',
  );
});
