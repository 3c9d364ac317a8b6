import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const cache = mkdtempSync(join(tmpdir(), 'flatmin-native-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const setUp = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'main.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, FLATMIN_CACHE: cache, ...env },
  });

/** What the cache holds. */
const kept = () => (existsSync(join(cache, 'native')) ? readdirSync(join(cache, 'native')) : []);

test('help tells every option, and sets nothing up', () => {
  const { status, stdout } = setUp(['--help']);
  expect(status).toBe(0);
  for (const option of ['--gpu', '--webgpu', '--build']) expect(stdout).toContain(`  ${option}`);
  expect(kept()).toEqual([]);
});

test.each([
  [['--cuda'], {}, "Unknown option '--cuda'; --help tells the options"],
  [['--gpu', '--webgpu'], {}, '--gpu and --webgpu are two engines; set one up after the other'],
  [['--webgpu'], { PATH: cache }, 'fetching webgpu needs npm, which is not installed'],
])('%j with %j ends in one sentence, and leaves nothing half done: %s', (args, env, sentence) => {
  const { status, stderr } = setUp(args, env);
  expect(stderr).toBe(`error: ${sentence}\n`);
  expect(status).toBe(1);
  expect(kept()).toEqual([]);
});
