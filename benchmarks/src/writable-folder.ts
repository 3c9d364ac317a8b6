import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { codeOf, messageOf } from './errors.ts';

/**
 * Makes a folder, so that one which cannot be written is found out before the work and not after it.
 *
 * @param remedy what the reader can do, the end of the sentence
 * @throws naming the folder, the system's reason, and the remedy
 */
export async function makeWritableFolder(folder: string, remedy: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new Error(`${folder} cannot be written (${codeOf(error) ?? messageOf(error)}); ${remedy}`, { cause: error });
  }
}
