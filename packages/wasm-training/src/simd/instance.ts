import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type ModuleName, modules } from './modules.ts';
import { type Exports, type Memory, webAssembly } from './web-assembly.ts';

const instances = new WeakMap<Memory, Map<ModuleName, Exports | undefined>>();

/**
 * The functions of a module, working on the backend's own memory; compiled when first asked for.
 *
 * Nothing, where that cannot be: if the engine lacks SIMD, if the backend hides its memory or shares it between threads
 * (in which case the backend's own kernels use all of them), or if the engine refuses to compile at once.
 *
 * @param relaxed whether the module that fuses multiplications and additions is wanted, where there is one and the engine
 * can compile it
 */
export function instanceOf(name: ModuleName, backend: BackendWasm, relaxed = false): Exports | undefined {
  if (relaxed && isRelaxable(name)) {
    const fused = instanceOf(`${name}-relaxed`, backend);
    if (fused) return fused;
  }
  const memory = memoryOf(backend);
  if (!memory) return undefined;
  const known = instances.get(memory) ?? new Map<ModuleName, Exports | undefined>();
  instances.set(memory, known);
  if (!known.has(name)) known.set(name, instantiate(name, memory));
  return known.get(name);
}

function isRelaxable(name: ModuleName): name is 'matrix-products' | 'outer-products' {
  return name === 'matrix-products' || name === 'outer-products';
}

/** The memory that the backend's tensors lie in. Its name among the module's exports depends on how that was built. */
function memoryOf({ wasm }: BackendWasm): Memory | undefined {
  const { asm, HEAPU8 } = wasm as unknown as { asm?: object; HEAPU8?: Uint8Array };
  const { Memory } = webAssembly();
  const isMemory = (value: unknown): value is Memory =>
    value instanceof Memory && HEAPU8 !== undefined && value.buffer === HEAPU8.buffer;
  return Object.values(asm ?? {}).find(isMemory);
}

function instantiate(name: ModuleName, memory: Memory): Exports | undefined {
  const { Module, Instance } = webAssembly();
  const bytes = Uint8Array.from(atob(modules[name]), (character) => character.charCodeAt(0));
  try {
    return new Instance(new Module(bytes), { env: { memory } }).exports;
  } catch {
    return undefined;
  }
}
