import { availability } from '@flatmin/engines';

/** The engines that can be timed, by name. */
export const stepEngines: ReadonlyMap<string, string> = new Map([
  ['wasm', 'WebAssembly, one thread'],
  ['wasm-2', 'two workers, each with half of the batch on WebAssembly'],
  ['tensorflow', "TensorFlow's native addon, all cores"],
  ['cpu', 'plain JavaScript'],
]);

/** Networks without a convolution: those of the others take the cpu engine minutes a step. */
const DENSE = new Set(['mlp-64', 'linear']);

/** The engines of this machine on which a step of each network takes no minutes. */
export async function quickEngines(): Promise<(network: string) => string[]> {
  const here = (await availability()).filter(({ available }) => available).map(({ name }): string => name);
  const names = [...stepEngines.keys()].filter((name) => here.includes(name.replace(/-\d+$/, '')));
  return (network) => names.filter((name) => name !== 'cpu' || DENSE.has(network));
}
