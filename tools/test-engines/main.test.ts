import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const testEngines = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'main.mjs'), ...args], { encoding: 'utf8' });

test('an engine that there is not is refused with all names', () => {
  const { status, stderr } = testEngines('cuda');
  expect(stderr).toBe('error: engine cuda must be one of tensorflow-gpu, tensorflow, webgpu, webgl, wasm, cpu\n');
  expect(status).toBe(2);
});
