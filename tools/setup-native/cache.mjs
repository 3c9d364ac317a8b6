import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where a package is kept whole, outside the repository; one folder for each version, platform and processor. */
export function cached({ name, version }) {
  const { FLATMIN_CACHE, XDG_CACHE_HOME } = process.env;
  const root = resolve(FLATMIN_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'flatmin'));
  return join(root, 'native', `${name.split('/').at(-1)}-${version}-${process.platform}-${process.arch}`);
}

/** An empty folder beside it; what a run that was ended has left there goes. */
export function makeStaging(one) {
  const folder = `${cached(one)}.part`;
  discard(folder);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The folder is whole: from now on it counts. */
export function keep(one, staging) {
  renameSync(join(staging, 'package'), cached(one));
}

export function discard(folder) {
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
}
