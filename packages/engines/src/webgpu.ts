import { absent, type Presence, present } from './engine.ts';
import { importInNode, inNode, installed } from './node.ts';

/** As much of `navigator.gpu` as is needed here. */
interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}

interface Adapter {
  readonly info: { readonly isFallbackAdapter?: boolean; readonly architecture: string };
}

/** Dawn, the WebGPU of Chromium, as a package for Node. */
interface Dawn {
  /** The constructors and constants that a browser has as globals. */
  readonly globals: Readonly<Record<string, unknown>>;
  create(options: readonly string[]): Gpu;
}

const dawn = async (): Promise<Dawn> => (await importInNode('webgpu')) as unknown as Dawn;

const navigatorGpu = (): Gpu | undefined => (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;

/** Whether there is an adapter, and why `auto` had better take another engine all the same. */
export async function webgpuPresence(): Promise<Presence> {
  const found = installed('@tensorflow/tfjs-backend-webgpu', ...(navigatorGpu() ? [] : ['webgpu']));
  if (!found.available) return found;
  const gpu = navigatorGpu() ?? (inNode() ? (await dawn()).create([]) : undefined);
  if (gpu === undefined) return absent('this browser has no WebGPU; take webgl or wasm');
  const adapter = await gpu.requestAdapter();
  if (adapter === null) return absent(`WebGPU finds no graphics adapter; ${remedy()}`);
  const reason = drawback(adapter);
  return reason === undefined ? present : { available: true, reason };
}

function drawback({ info: { isFallbackAdapter, architecture } }: Adapter): string | undefined {
  if (isFallbackAdapter) return `its only adapter is software (${architecture}), which is slower than wasm`;
  // A backend reads synchronously by way of a canvas.
  if (inNode())
    return 'Node cannot read from WebGPU synchronously, as fit with sharpnessAware must; trainer trains on it';
  return undefined;
}

const remedy = (): string =>
  inNode() && process.platform === 'linux'
    ? "install Vulkan's loader (Debian: libvulkan1) and a driver"
    : 'take another engine';

/** Imports the backend, and gives Node the `navigator.gpu` that the backend looks for when it is imported. */
export async function loadWebgpu(): Promise<void> {
  if (navigatorGpu() === undefined) {
    const { create, globals } = await dawn();
    Object.assign(globalThis, globals);
    // Node has a navigator from version 21 on.
    const navigator: object = Reflect.get(globalThis, 'navigator') ?? {};
    Object.defineProperty(navigator, 'gpu', { value: create([]), configurable: true });
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  }
  await import('@tensorflow/tfjs-backend-webgpu');
}
