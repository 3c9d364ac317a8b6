import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipFile } from './gunzip.ts';
import type { FetchedFile, Source } from './source.ts';
import { type DataFile, longestCompressed } from './verify.ts';

/** Files that lie compressed (`NAME.gz`) in one of several folders. */
export function installed(folders: readonly string[]): Source {
  return {
    name: 'The installed data',
    async *read(files) {
      for (const folder of folders) {
        if (files.every((file) => existsSync(join(folder, `${file.name}.gz`)))) {
          yield* gzippedFiles(folder, files);
          return;
        }
      }
    },
  };
}

/** Unpacks `NAME.gz` of every file from a folder; no pipe or device, which would not end, and no more than can be meant. */
export async function* gzippedFiles(folder: string, files: readonly DataFile[]): AsyncGenerator<FetchedFile> {
  for (const file of files) {
    const path = join(folder, `${file.name}.gz`);
    const found = await stat(path);
    if (!found.isFile() || found.size > longestCompressed(file)) {
      throw new Error(`${path} is no file of at most ${longestCompressed(file)} bytes, so not ${file.name}.gz`);
    }
    yield { file, content: gunzipFile(await readFile(path), file) };
  }
}
