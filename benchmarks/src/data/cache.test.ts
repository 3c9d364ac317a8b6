import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder } from './cache.ts';

test.each([
  [{ FLATMIN_CACHE: '/a', XDG_CACHE_HOME: '/b' }, '/a/set'],
  [{ XDG_CACHE_HOME: '/b' }, '/b/flatmin/set'],
  [{ FLATMIN_CACHE: '', XDG_CACHE_HOME: '' }, join(homedir(), '.cache/flatmin/set')],
  [{ FLATMIN_CACHE: 'here' }, resolve('here/set')],
])('with %j data stays in %s', (env, folder) => {
  expect(cacheFolder('set', env)).toBe(folder);
});
