import { createHash } from 'node:crypto';

/** A file of a data set, decompressed. */
export interface DataFile {
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal, of the decompressed content. */
  readonly sha256: string;
}

/** No gzip file of this content is longer, in bytes: what cannot be packed is stored, with a little around it. */
export function longestCompressed(file: DataFile): number {
  return file.bytes + 2 ** 16;
}

/** The SHA-256 digest of bytes, hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Refuses content that is not what the file should hold.
 *
 * @param remedy what the reader can do, the end of the sentence
 * @throws naming the file, the digest expected and found, and the remedy
 */
export function verify(content: Uint8Array, file: DataFile, remedy: string): void {
  const found = sha256(content);
  if (found === file.sha256) return;
  const length = content.length === file.bytes ? '' : ` (${content.length} bytes, ${file.bytes} expected)`;
  throw new Error(`${file.name} is corrupted${length}: expected SHA-256 ${file.sha256}, found ${found}; ${remedy}`);
}
