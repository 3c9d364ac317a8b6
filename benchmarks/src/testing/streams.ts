import { PassThrough } from 'node:stream';
import type { Io } from '../commands/io.ts';
import type { ProgressStream } from '../progress.ts';

/** A stream that remembers what was written to it. */
export interface MemoryStream extends ProgressStream {
  readonly text: () => string;
}

/** A {@link MemoryStream}, a terminal or not. */
export function memoryStream(isTTY = false): MemoryStream {
  const stream = new PassThrough();
  const pieces: string[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece.toString()));
  return Object.assign(stream, { isTTY, columns: 200, text: () => pieces.join('') });
}

/** Both streams of a command. */
export function memoryIo(): Io & { readonly stdout: MemoryStream; readonly stderr: MemoryStream } {
  return { stdout: memoryStream(), stderr: memoryStream() };
}
