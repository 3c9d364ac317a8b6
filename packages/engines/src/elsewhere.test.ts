// What other machines than that of the tests would be told.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addonPresence, gpuAddonPresence } from './native-addon.ts';
import * as node from './node.ts';
import { table } from './table.ts';
import { loadWebgpu, webgpuPresence } from './webgpu.ts';

vi.mock('./node.ts', async (original) => ({ ...(await original<typeof node>()) }));
vi.mock('@tensorflow/tfjs-backend-webgpu', () => ({}));

beforeEach(() => void vi.spyOn(node, 'installed').mockReturnValue({ available: true }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('in a browser', () => {
  beforeEach(() => void vi.spyOn(node, 'inNode').mockReturnValue(false));

  test('there is WebGL, and there are no native addons', async () => {
    expect(await table.get('webgl')!.presence()).toEqual({ available: true });
    for (const name of ['tensorflow', 'tensorflow-gpu'] as const) {
      expect((await table.get(name)!.presence()).reason).toMatch(/is for Node, not for browsers; take webgpu, webgl/);
    }
  });

  test('WebGPU is there where the browser has an adapter for it', async () => {
    vi.stubGlobal('navigator', {});
    expect((await webgpuPresence()).reason).toBe('this browser has no WebGPU; take webgl or wasm');
    const requestAdapter = vi.fn().mockResolvedValue(null);
    vi.stubGlobal('navigator', { gpu: { requestAdapter } });
    expect((await webgpuPresence()).reason).toBe('WebGPU finds no graphics adapter; take another engine');
    requestAdapter.mockResolvedValue({ info: { architecture: 'ampere' } });
    expect(await webgpuPresence()).toEqual({ available: true });
  });

  test('WebGPU is opened as the browser has it', async () => {
    const gpu = { requestAdapter: async () => null };
    vi.stubGlobal('navigator', { gpu });
    const dawn = vi.spyOn(node, 'importInNode');
    await loadWebgpu();
    expect(globalThis).toMatchObject({ navigator: { gpu } });
    expect(dawn).not.toHaveBeenCalled();
  });
});

describe('in Node', () => {
  const dawn = (adapter: unknown): { gpu: unknown } => {
    const gpu = { requestAdapter: async () => adapter };
    const made = { globals: { GPUBufferUsage: { COPY_SRC: 4 } }, create: () => gpu };
    vi.spyOn(node, 'importInNode').mockResolvedValue(made);
    return { gpu };
  };
  afterEach(() => Reflect.deleteProperty(globalThis, 'GPUBufferUsage'));

  test('WebGPU is that of Dawn: its constants become globals, and the navigator has its gpu', async () => {
    for (const navigator of [undefined, {}]) {
      vi.stubGlobal('navigator', navigator);
      const { gpu } = dawn(null);
      await loadWebgpu();
      expect(globalThis).toMatchObject({ GPUBufferUsage: { COPY_SRC: 4 }, navigator: { gpu } });
    }
  });

  test('Dawn without a graphics card is told to need a driver', async () => {
    vi.stubGlobal('navigator', undefined);
    dawn(null);
    vi.stubGlobal('process', { ...process, platform: 'linux', versions: process.versions });
    expect((await webgpuPresence()).reason).toBe(
      "WebGPU finds no graphics adapter; install Vulkan's loader (Debian: libvulkan1) and a driver",
    );
  });

  test.each([
    ['linux', true, true, undefined],
    ['linux', true, false, 'no driver of NVIDIA is loaded; take tensorflow, which computes on the processor'],
    ['linux', false, true, 'made-up is installed without its native addon; npm rebuild made-up'],
    ['win32', true, false, undefined],
  ])(
    'on %s, with the addon %s and a driver %s, the addon for cards has against it: %s',
    (platform, addon, driver, reason) => {
      vi.spyOn(node, 'folderOf').mockReturnValue('file:///made-up/');
      const existsSync = (path: unknown): boolean => (String(path).startsWith('/proc/') ? driver : addon);
      vi.stubGlobal('process', {
        ...process,
        platform,
        versions: process.versions,
        getBuiltinModule: () => ({ existsSync }),
      });
      expect(gpuAddonPresence('made-up')).toEqual({ available: reason === undefined, ...(reason && { reason }) });
    },
  );

  test('an addon whose package is missing is refused as missing', () => {
    vi.mocked(node.installed).mockRestore();
    expect(addonPresence('made-up').reason).toBe('made-up is not installed; npm install made-up');
  });
});
