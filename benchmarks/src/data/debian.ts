import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { gzippedFiles } from './installed.ts';
import { type RunProgram, runProgram } from './run-program.ts';
import type { Source } from './source.ts';

/** Which package to fetch, and where it keeps the files. */
export interface DebianPackage {
  readonly name: string;
  /** For the reader: `31 MB`. */
  readonly size: string;
  /** Inside the package, without a leading slash. */
  readonly folder: string;
}

interface Apt {
  readonly run: RunProgram;
  readonly isRoot: boolean;
}

const system: Apt = { run: runProgram, isRoot: process.getuid?.() === 0 };

/** Files of a Debian package, fetched with `apt-get download` and unpacked in a temporary folder: no root needed. */
export function debianPackage(wanted: DebianPackage, { run, isRoot }: Apt = system): Source {
  return {
    name: `The Debian package ${wanted.name}`,
    async *read(files, { say, signal }) {
      const folder = await mkdtemp(join(tmpdir(), 'flatmin-'));
      try {
        say(`Fetching the Debian package ${wanted.name} (${wanted.size}) …`);
        await fetchPackage(wanted.name, { run, isRoot }, { cwd: folder, signal });
        const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
        if (archive === undefined) throw new Error('apt-get ended well, yet left no package');
        await run('dpkg', ['-x', archive, 'unpacked'], { cwd: folder, signal });
        yield* gzippedFiles(join(folder, 'unpacked', wanted.folder), files);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function fetchPackage(
  name: string,
  { run, isRoot }: Apt,
  options: { cwd: string; signal: AbortSignal },
): Promise<void> {
  const download = (): Promise<void> => run('apt-get', ['download', name], options);
  try {
    await download();
  } catch (error) {
    if (!/unable to locate package/i.test(messageOf(error))) throw error;
    if (!isRoot) throw new Error(`apt-get does not know ${name}, run "sudo apt-get update" first`, { cause: error });
    await run('apt-get', ['update'], options);
    await download();
  }
}
