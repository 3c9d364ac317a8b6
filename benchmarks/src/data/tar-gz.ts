import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { codeOf, messageOf } from '../errors.ts';

/** A file out of an archive. */
export interface ArchivedFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/**
 * Those files of a `.tar.gz` that are wanted, in the archive's order, each as soon as it is whole. Only they are held
 * in memory, one at a time, and nothing is written: names in the archive that mean harm can do none.
 *
 * @param pieces of the archive
 * @param wanted the most bytes a file can have, by its path in the archive
 * @throws when a file is longer, or when this is no whole archive; what `pieces` throws
 */
export async function* filesInTarGz(
  pieces: AsyncIterable<Uint8Array>,
  wanted: ReadonlyMap<string, number>,
): AsyncGenerator<ArchivedFile> {
  const whole: ArchivedFile[] = [];
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
  };
  const parser = new Parser({ strict: true });
  parser.on('entry', (entry) => collect(entry, wanted, whole, fail));
  parser.on('error', (error) => fail(archiveError(error)));
  const gunzip = createGunzip();
  const pumping = pipeline(pieces, gunzip);
  pumping.catch(() => {}); // `gunzip` is destroyed with the same error, and the loop throws it
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      parser.write(piece);
      if (failure) throw failure;
      yield* whole.splice(0);
    }
  } catch (error) {
    throw codeOf(error)?.startsWith('Z_') ? archiveError(error) : error;
  }
  parser.end();
  if (failure) throw failure;
  yield* whole.splice(0);
}

function collect(
  entry: ReadEntry,
  wanted: ReadonlyMap<string, number>,
  whole: ArchivedFile[],
  fail: (error: Error) => void,
): void {
  const path = entry.path.replace(/^\.\//, '');
  const longest = wanted.get(path);
  const pieces: Buffer[] = [];
  if (longest === undefined || entry.type !== 'File') {
    entry.resume();
  } else if (entry.size > longest) {
    fail(new Error(`${path} in the archive has ${entry.size} bytes, more than the ${longest} that it can have`));
    entry.resume();
  } else {
    entry.on('data', (piece) => pieces.push(piece));
    entry.on('end', () => whole.push({ path, content: Buffer.concat(pieces) }));
  }
}

function archiveError(error: unknown): Error {
  return new Error(`this is no whole tar.gz archive (${messageOf(error)})`, { cause: error });
}
