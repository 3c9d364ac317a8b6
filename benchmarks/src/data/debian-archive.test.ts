import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { madeContext, madeFile } from '../testing/data-files.ts';
import { debianArchive } from '../testing/debian-archive.ts';
import type { Member } from '../testing/tar-archive.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { debianPackage } from './debian.ts';
import { type RunProgram, runProgram } from './run-program.ts';

const { file, content } = madeFile('one', 'some content');
const wanted = { name: 'dataset-made', size: '1 MB', folder: 'usr/share/datasets/made' };

/** What comes out of a package of these members, unpacked by the machine's own dpkg. */
async function unpacked(members: readonly Member[]): Promise<readonly Uint8Array[]> {
  const run: RunProgram = async (program, args, options) => {
    if (program === 'dpkg') await runProgram(program, args, options);
    else writeFileSync(join(options.cwd, 'made.deb'), debianArchive(members));
  };
  const files: Uint8Array[] = [];
  for await (const { content } of debianPackage(wanted, { run, isRoot: false }).read([file], madeContext())) {
    files.push(content);
  }
  return files;
}

const one = `./${wanted.folder}/one.gz`;

describe.skipIf(spawnSync('dpkg', ['--version']).status !== 0)('a package made by hand', () => {
  it('is read if it means no harm', async () => {
    expect(await unpacked([[one, 'file', gzipSync(content)]])).toEqual([content]);
  });

  it.each<readonly [string, (outside: string) => readonly Member[]]>([
    ['a way up', (outside) => [[`../../${basename(outside)}/escaped`, 'file']]],
    ['an absolute name', (outside) => [[join(outside, 'escaped'), 'file']]],
    [
      'a link to a folder elsewhere',
      (outside) => [
        ['./usr', 'link', outside],
        ['./usr/escaped', 'file'],
      ],
    ],
    ['a pipe for a file', () => [[one, 'pipe']]],
    ['a link to a device for a file', () => [[one, 'link', '/dev/zero']]],
  ])('with %s writes nothing elsewhere and is refused', async (_, members) => {
    const outside = temporaryFolder();
    await expect(unpacked(members(outside))).rejects.toThrow();
    expect(readdirSync(outside)).toEqual([]);
  });
});
