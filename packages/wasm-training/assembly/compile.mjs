// Compiles the kernels in this folder to src/simd/modules.ts: `npm run build:assembly -w @flatmin/wasm-training`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = new URL('.', import.meta.url);
const generated = new URL('../src/simd/modules.ts', folder);

// The memory is the backend's: nothing of ours may lie in it, so no data, no stack, no memory of its own.
const options =
  '--runtime stub --importMemory --initialMemory 0 --noExportMemory --noAssert -O3 --converge --enable simd'.split(' ');

const sources = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .sort();

/** The bytes of one module, from the source with this name. */
async function compile(file) {
  let bytes;
  const { error, stderr } = await asc.main([file, '--outFile', 'module.wasm', ...options], {
    readFile: (name) => {
      try {
        return readFileSync(new URL(name, folder), 'utf8');
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
  for (const file of sources) {
    const base64 = Buffer.from(await compile(file)).toString('base64');
    entries.push([file.slice(0, -'.ts'.length), base64]);
  }
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
