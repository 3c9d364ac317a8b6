import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { decode, encode, type Plain } from '@flatmin/checkpoint';
import { readCheckpoint, writeCheckpoint } from '@flatmin/checkpoint/node';

/** Where one run is kept. */
export interface Place {
  /** What messages call it: a file's path. */
  readonly path: string;
  /** What to do about a run of other settings that it keeps, in words. */
  readonly remedy: string;
  /** What it keeps; undefined where that is nothing yet. */
  readonly read: () => Promise<Plain | undefined>;
  readonly write: (content: Plain) => Promise<void>;
}

/** A file as the place of a run. */
export function fileAt(path: string): Place {
  return {
    path,
    remedy: 'go on with the former, or give another --out',
    read: async () => (existsSync(path) ? readCheckpoint(path) : undefined),
    write: async (content) => writeCheckpoint(path, content),
  };
}

/** The bytes of a file as a place that is written elsewhere. */
export function bytesAt(
  bytes: Uint8Array | undefined,
  { path, remedy, write }: Pick<Place, 'path' | 'remedy'> & { readonly write: (bytes: Uint8Array) => Promise<void> },
): Place {
  return {
    path,
    remedy,
    read: async () => bytes && decode(bytes, { name: path }),
    write: async (content) => write(encode(content)),
  };
}

/** The bytes of a file, as {@link bytesAt} takes them; undefined where there is none. */
export async function bytesIn(path: string): Promise<Uint8Array | undefined> {
  return existsSync(path) ? readFile(path) : undefined;
}
