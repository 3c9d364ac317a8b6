import { open } from 'node:fs/promises';
import { CheckpointError } from './checkpoint-error.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import type { Plain } from './plain.ts';
import { writeAtomically } from './write-atomically.ts';

/** As much as one read is asked for: systems refuse 2 GiB. */
const PIECE = 2 ** 30;

/**
 * Writes a checkpoint so that, whenever the process dies, the file is the old one or the new, whole. The value is taken
 * as it is at the call; the arrays may change while the file is written.
 *
 * @throws CheckpointError when the value holds what a checkpoint cannot, or when the file cannot be written; what stands
 *   there then is still whole
 * @example
 * await writeCheckpoint('run/checkpoint.safetensors', { epoch, weights });
 */
export async function writeCheckpoint(path: string, value: Plain): Promise<void> {
  const bytes = encode(value);
  try {
    await writeAtomically(path, bytes);
  } catch (error) {
    throw new CheckpointError(
      `${path} could not be written (${reasonOf(error)}), what stands there is whole; mend that or choose another path.`,
      { cause: error },
    );
  }
}

/**
 * The value of a checkpoint file.
 *
 * @throws CheckpointError naming the file, when it is not there, cannot be read, is damaged, of a newer version or no
 *   checkpoint
 * @example
 * const { epoch, weights } = await readCheckpoint('run/checkpoint.safetensors');
 */
export async function readCheckpoint(path: string): Promise<Plain> {
  return decode(await contentOf(path), { name: path });
}

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const bytes = new Uint8Array((await file.stat()).size);
      let position = 0;
      while (position < bytes.length) {
        const { bytesRead } = await file.read(bytes, position, Math.min(PIECE, bytes.length - position), position);
        if (bytesRead === 0) break; // it became shorter meanwhile, which decode will tell
        position += bytesRead;
      }
      return bytes.subarray(0, position);
    } finally {
      await file.close();
    }
  } catch (error) {
    const remedy = 'check the path, or start anew without it';
    throw new CheckpointError(`${path} could not be read (${reasonOf(error)}); ${remedy}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
