import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modulesFile } from '../../assembly/compile.mjs';
import { modules } from './modules.ts';

describe('the compiled modules', () => {
  it('are what their sources compile to', async () => {
    const committed = readFileSync(new URL('modules.ts', import.meta.url), 'utf8');
    const same = (await modulesFile()) === committed;
    expect(same, 'run `npm run build:assembly -w @flatmin/wasm-training`').toBe(true);
  });

  it.each(Object.entries(modules))('may be compiled at once on the main thread of any browser: %s', (_, base64) => {
    expect(atob(base64).length).toBeLessThan(4096);
  });

  it.each(Object.entries(modules))('keep nothing of their own in the memory that is the backend’s: %s', (_, base64) => {
    expect(sectionsOf(Buffer.from(base64, 'base64'))).toEqual(['type', 'import', 'function', 'export', 'code']);
  });
});

const sectionNames = 'custom type import function table memory global export start element code data count'.split(' ');

/** The names of a module's sections, in order. */
function sectionsOf(bytes: Uint8Array): string[] {
  const names: string[] = [];
  for (let at = 8; at < bytes.length; ) {
    names.push(sectionNames[bytes[at++]!]!);
    let size = 0;
    // The size is in LEB128: seven bits a byte, the lowest first.
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return names;
}
