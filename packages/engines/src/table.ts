import { absent, type Engine, type EngineInfo, type EngineName, present } from './engine.ts';
import { addonPresence, gpuAddonPresence, loadAddon } from './native-addon.ts';
import { registerNativeFused } from './native-fused.ts';
import { registerNativeStep } from './native-step.ts';
import { inNode, installed } from './node.ts';
import { loadWebgpu, webgpuPresence } from './webgpu.ts';

/** How each engine is found and opened, best first. */
export const table: ReadonlyMap<EngineName, Engine> = new Map<EngineName, Engine>([
  [
    'tensorflow-gpu',
    {
      description: "TensorFlow's native addon on a graphics card of NVIDIA",
      packages: ['@tensorflow/tfjs-node-gpu'],
      backend: 'tensorflow',
      presence: async () => gpuAddonPresence('@tensorflow/tfjs-node-gpu'),
      load: () => loadNative('@tensorflow/tfjs-node-gpu'),
    },
  ],
  [
    'tensorflow',
    {
      description: "TensorFlow's native addon, on all cores",
      packages: ['@tensorflow/tfjs-node'],
      backend: 'tensorflow',
      presence: async () => addonPresence('@tensorflow/tfjs-node'),
      load: () => loadNative('@tensorflow/tfjs-node'),
    },
  ],
  [
    'webgpu',
    {
      description: 'WebGPU: of the browser, or Dawn under Node',
      packages: ['@tensorflow/tfjs-backend-webgpu', 'webgpu'],
      backend: 'webgpu',
      presence: webgpuPresence,
      load: loadWebgpu,
    },
  ],
  [
    'webgl',
    {
      description: 'WebGL, in browsers',
      packages: ['@tensorflow/tfjs-backend-webgl'],
      backend: 'webgl',
      presence: async () => (inNode() ? absent('Node has no WebGL; take tensorflow, webgpu or wasm') : present),
      load: () => import('@tensorflow/tfjs-backend-webgl'),
    },
  ],
  [
    'wasm',
    {
      description: 'WebAssembly, with the gradient kernels of @flatmin/wasm-training',
      packages: ['@tensorflow/tfjs-backend-wasm', '@flatmin/wasm-training'],
      backend: 'wasm',
      presence: async () => installed('@tensorflow/tfjs-backend-wasm', '@flatmin/wasm-training'),
      load: loadWasm,
    },
  ],
  [
    'cpu',
    {
      description: 'plain JavaScript, very slow: for checks',
      packages: ['@tensorflow/tfjs-backend-cpu'],
      backend: 'cpu',
      presence: async () => installed('@tensorflow/tfjs-backend-cpu'),
      load: () => import('@tensorflow/tfjs-backend-cpu'),
    },
  ],
]);

async function loadNative(name: string): Promise<void> {
  await loadAddon(name);
  await registerNativeStep();
  await registerNativeFused();
}

async function loadWasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm');
  const { registerTrainingKernels } = await import('@flatmin/wasm-training');
  registerTrainingKernels();
}

/**
 * All engines by name, in the order in which `auto` tries them.
 *
 * @example
 * ```ts
 * for (const [name, { description }] of engines) console.log(name, description);
 * ```
 */
export const engines: ReadonlyMap<EngineName, EngineInfo> = table;
