import { gunzipSync } from 'node:zlib';
import { codeOf, messageOf } from '../errors.ts';
import type { DataFile } from './verify.ts';

/**
 * What a `NAME.gz` holds, one byte at most beyond what the file should: that is enough to see that the content is
 * wrong, however much would follow.
 *
 * @throws naming the file, when it is no whole gzip file or holds more
 */
export function gunzipFile(compressed: Uint8Array, file: DataFile): Uint8Array {
  try {
    return gunzipSync(compressed, { maxOutputLength: file.bytes + 1 });
  } catch (error) {
    const reason =
      codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? `it holds more than ${file.bytes} bytes` : messageOf(error);
    throw new Error(`${file.name}.gz is corrupted (${reason}); it was not kept`, { cause: error });
  }
}
