import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { messageOf } from '../errors.ts';
import { makeWritableFolder } from '../writable-folder.ts';
import type { FetchContext, FetchedFile, Source } from './source.ts';
import { type DataFile, verify } from './verify.ts';

/** Files of a data set, and the places to look for them, in order. */
export interface Wanted {
  /** For messages: `Fashion-MNIST`. */
  readonly title: string;
  readonly files: readonly DataFile[];
  readonly sources: readonly Source[];
}

/**
 * Makes sure that every file lies verified in `folder`: what is there stays, what is
 * missing comes from the first source that has it. Nothing unverified is ever written.
 *
 * @returns the content of each file, in order
 * @throws when no source has a file, or when a file in the folder is corrupted
 */
export async function obtain(wanted: Wanted, folder: string, context: FetchContext): Promise<readonly Uint8Array[]> {
  const missing = () => wanted.files.filter((file) => !existsSync(join(folder, file.name)));
  await makeWritableFolder(folder, 'set FLATMIN_CACHE to a folder that can');
  const failures: string[] = [];
  for (const source of wanted.sources) {
    if (missing().length === 0) break;
    try {
      for await (const fetched of source.read(missing(), context)) await keep(fetched, folder);
    } catch (error) {
      context.signal.throwIfAborted();
      failures.push(`${source.name}: ${messageOf(error)}`);
      context.say(`${failures.at(-1)}; looking elsewhere`);
    }
  }
  if (missing().length > 0) {
    throw new Error(`${wanted.title} could not be fetched from anywhere: ${failures.join('; ') || 'no source has it'}`);
  }
  const contents: Uint8Array[] = [];
  for (const file of wanted.files) contents.push(await readVerified(file, folder));
  return contents;
}

async function keep({ file, content }: FetchedFile, folder: string): Promise<void> {
  verify(content, file, 'it was not kept');
  await writeAtomically(join(folder, file.name), content);
}

async function readVerified(file: DataFile, folder: string): Promise<Uint8Array> {
  const path = join(folder, file.name);
  const content = await readFile(path);
  verify(content, file, `delete ${path} and run again to fetch it anew`);
  return content;
}
