import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where fetched data stays, outside any checkout: `$FLATMIN_CACHE`, else `$XDG_CACHE_HOME/flatmin`,
 * else `~/.cache/flatmin`; in it one folder a data set.
 */
export function cacheFolder(dataset: string, env: NodeJS.ProcessEnv = process.env): string {
  const root = env['FLATMIN_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'flatmin');
  return resolve(root, dataset);
}
