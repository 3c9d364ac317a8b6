import { absent, type Presence, present } from './engine.ts';
import { folderOf, importInNode, inNode, installed } from './node.ts';

/** The addon of Node's stable interface, version 8: every Node since 20.3 takes it. */
const ADDON = 'lib/napi-v8/tfjs_binding.node';

/** Whether a package with TensorFlow's native addon is there, addon included. */
export function addonPresence(name: string): Presence {
  if (!inNode()) return absent("TensorFlow's native addon is for Node, not for browsers; take webgpu, webgl or wasm");
  const found = installed(name);
  if (!found.available) return found;
  const { existsSync } = process.getBuiltinModule('node:fs');
  if (existsSync(new URL(ADDON, folderOf(name)))) return present;
  return absent(`${name} is installed without its native addon; npm rebuild ${name}`);
}

/** The same with a graphics card: without the driver the addon computes on the processor, as `tensorflow` does. */
export function gpuAddonPresence(name: string): Presence {
  const found = addonPresence(name);
  if (!found.available) return found;
  const { existsSync } = process.getBuiltinModule('node:fs');
  if (process.platform !== 'linux' || existsSync('/proc/driver/nvidia/version')) return present;
  return absent('no driver of NVIDIA is loaded; take tensorflow, which computes on the processor');
}

/**
 * Imports the addon. It calls `util.isNullOrUndefined`, which Node 23 removed (tensorflow/tfjs#8609: mended upstream, and not
 * released), so that is put back where it is missing.
 */
export async function loadAddon(name: string): Promise<void> {
  const util: { isNullOrUndefined?: (value: unknown) => boolean } = process.getBuiltinModule('node:util');
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  await importInNode(name);
}
