import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** The modules that a file of this folder needs, with those that these need. */
function needed(file: string): string[] {
  const source = readFileSync(join(import.meta.dirname, file), 'utf8');
  const modules = [...source.matchAll(/ from '(.+?)';/g)].map(([, module]) => module!);
  return modules.flatMap((module) => [module, ...(module.startsWith('./') ? needed(module) : [])]);
}

it('the main entry needs nothing of Node.js, so that browsers can load it', () => {
  expect(needed('node.ts')).toContain('node:fs/promises');
  expect(needed('index.ts').filter((module) => module.startsWith('node:'))).toEqual([]);
});
