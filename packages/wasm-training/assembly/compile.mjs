// Compiles the kernels in this folder to src/simd/modules.ts: `npm run build:assembly -w @flatmin/wasm-training`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = new URL('.', import.meta.url);
const generated = new URL('../src/simd/modules.ts', folder);

// The memory is the backend's: nothing of ours may lie in it, so no data, no stack, no memory of its own.
const options =
  '--runtime stub --importMemory --initialMemory 0 --noExportMemory --noAssert -O3 --converge --enable simd'.split(' ');

/** Those whose time goes to multiplying and adding have a second module, for engines that fuse the two. */
const relaxable = ['matrix-products', 'outer-products'];

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

/** The bytes of the module from the source with this name. */
async function compile(name, relaxed) {
  const file = `${name}.ts`;
  const fused = relaxed ? ['--enable', 'relaxed-simd', '--use', 'RELAXED=1'] : ['--use', 'RELAXED=0'];
  let bytes;
  const { error, stderr } = await asc.main([file, '--outFile', 'module.wasm', ...options, ...fused], {
    readFile: (path) => {
      try {
        return readFileSync(new URL(path, folder), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (_, contents) => {
      bytes = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${file}: ${stderr.toString() || error.message}`);
  return bytes;
}

/** The text of the generated file. */
export async function modulesFile() {
  const entries = [];
  const add = async (name, source, relaxed) =>
    entries.push([name, Buffer.from(await compile(source, relaxed)).toString('base64')]);
  for (const name of names) await add(name, name, false);
  for (const name of relaxable) await add(`${name}-relaxed`, name, true);
  return [
    '// biome-ignore-all format: made by a program.',
    '/** The names of the sources in `assembly`. */',
    `export type ModuleName = ${entries.map(([name]) => `'${name}'`).join(' | ')};`,
    '',
    '/** The compiled kernels of `assembly`, in base64. Made by `npm run build:assembly`; a test holds them to their sources. */',
    'export const modules: Readonly<Record<ModuleName, string>> = {',
    ...entries.map(([name, base64]) => `  ${name.includes('-') ? `'${name}'` : name}:\n    '${base64}',`),
    '};',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(generated, await modulesFile());
