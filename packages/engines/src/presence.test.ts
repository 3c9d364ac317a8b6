import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { addonPresence, loadAddon } from './native-addon.ts';
import { installed } from './node.ts';
import { engines } from './table.ts';
import { webgpuPresence } from './webgpu.ts';

afterEach(() => vi.unstubAllGlobals());

test('to import the package registers nothing', async () => {
  await import('./index.ts');
  for (const backend of ['tensorflow', 'webgpu', 'webgl', 'wasm', 'cpu'])
    expect(tf.findBackendFactory(backend)).toBeNull();
});

test('what an engine needs is an optional peer', () => {
  const needed = new Set([...engines.values()].flatMap(({ packages }) => packages));
  for (const name of needed) expect(manifest.peerDependenciesMeta).toHaveProperty([name], { optional: true });
  expect(new Set(Object.keys(manifest.peerDependencies))).toEqual(new Set([...needed, '@tensorflow/tfjs-core']));
});

test('packages that are missing are named with the command that installs them', () => {
  expect(installed('@tensorflow/tfjs-core')).toEqual({ available: true });
  expect(installed('@tensorflow/tfjs-core', 'made-up')).toEqual({
    available: false,
    reason: 'made-up is not installed; npm install made-up',
  });
  expect(installed('made-up', 'made-down').reason).toBe(
    'made-up and made-down are not installed; npm install made-up made-down',
  );
});

describe('the native addon', () => {
  test('is not there when its package came without it', () => {
    // A package that has none.
    expect(addonPresence('@tensorflow/tfjs-core')).toEqual({
      available: false,
      reason: '@tensorflow/tfjs-core is installed without its native addon; npm rebuild @tensorflow/tfjs-core',
    });
  });

  test('finds the function that Node 23 removed; where it is there, it is left', async () => {
    const functions = util as { isNullOrUndefined?: unknown };
    const before = functions.isNullOrUndefined;
    try {
      functions.isNullOrUndefined = undefined;
      await loadAddon('@tensorflow/tfjs-core');
      const added = functions.isNullOrUndefined as (value: unknown) => boolean;
      expect([null, undefined, 0, ''].map(added)).toEqual([true, true, false, false]);
      await loadAddon('@tensorflow/tfjs-core');
      expect(functions.isNullOrUndefined).toBe(added);
    } finally {
      functions.isNullOrUndefined = before;
    }
  });
});

describe('WebGPU', () => {
  const stub = (adapter: unknown): unknown =>
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } });

  test('is not there without an adapter', async () => {
    stub(null);
    expect(await webgpuPresence()).toMatchObject({
      available: false,
      reason: expect.stringMatching(/^WebGPU finds no graphics adapter; /),
    });
  });

  test.each([
    [{ isFallbackAdapter: true, architecture: 'swiftshader' }, /software \(swiftshader\)/],
    [{ architecture: 'ampere' }, /synchronously/],
  ])('is there but not the best choice under Node: %j', async (info, reason) => {
    stub({ info });
    expect(await webgpuPresence()).toEqual({ available: true, reason: expect.stringMatching(reason) });
  });
});
