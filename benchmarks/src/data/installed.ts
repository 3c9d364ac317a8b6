import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FetchedFile, Source } from './source.ts';
import type { DataFile } from './verify.ts';

/** Files that lie compressed (`NAME.gz`) in one of several folders. */
export function installed(folders: readonly string[]): Source {
  return {
    name: 'The installed data',
    async *read(files) {
      for (const folder of folders) {
        if (files.every((file) => existsSync(join(folder, `${file.name}.gz`)))) {
          yield* compressedFiles(folder, files);
          return;
        }
      }
    },
  };
}

/** Reads `NAME.gz` of every file from a folder. */
export async function* compressedFiles(folder: string, files: readonly DataFile[]): AsyncGenerator<FetchedFile> {
  for (const file of files) yield { file, compressed: await readFile(join(folder, `${file.name}.gz`)) };
}
