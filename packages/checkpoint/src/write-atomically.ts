import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that a reader finds the old content or the new, never a part: it is written aside in the same
 * folder, flushed, renamed, and the folder flushed. Writers at the same time do not mix; the last to finish stands.
 * Missing folders are made, and what killed writers left aside is removed.
 *
 * @throws what the file system says; then nothing is left aside, and a whole file, the old one most likely, stands there
 * @example
 * await writeAtomically('run/summary.json', JSON.stringify(summary));
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await removeLeftovers(path);
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.part`;
  try {
    await writeFile(aside, content, { flag: 'wx', flush: true });
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined); // the first error tells more
    throw error;
  }
  await flushFolder(dirname(path));
}

/** Makes the new name last, too. Windows has no way to ask for it. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what writers of this file left aside that are no more. */
async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    for (const name of await readdir(folder)) {
      const writer = writerOf(name, basename(path));
      if (writer !== undefined && (await isGone(writer, join(folder, name))))
        await rm(join(folder, name), { force: true });
    }
  } catch {
    // They cost nothing but space; whether the file can be written shows in writing it.
  }
}

/** The process that wrote `BASE.PID.RANDOM.part`. */
function writerOf(name: string, base: string): number | undefined {
  if (!name.startsWith(`${base}.`)) return undefined;
  const [, pid] = /^(\d+)\.[0-9a-f]{8}\.part$/.exec(name.slice(base.length + 1)) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

async function isGone(pid: number, aside: string): Promise<boolean> {
  // In a container every start gets the same number: the file of an earlier process is older than this one.
  if (pid === process.pid) return (await stat(aside)).mtimeMs < Date.now() - process.uptime() * 1000;
  try {
    process.kill(pid, 0); // the signal 0 only asks
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
