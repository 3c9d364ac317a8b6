import { getBackend } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { backends, useBackend } from './backends.ts';

test('auto uses an engine and tells its name, which can be asked for in turn', async () => {
  const name = await useBackend('auto');
  expect(backends.has(name)).toBe(true);
  expect(name).not.toBe('auto');
  const backend = getBackend();
  expect(await useBackend(name)).toBe(name);
  expect(getBackend()).toBe(backend);
});
