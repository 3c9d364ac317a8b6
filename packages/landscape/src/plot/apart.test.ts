import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('whoever measures loads nothing that draws', () => {
  const measures = join(import.meta.dirname, '..');
  const files = readdirSync(measures).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  expect(files).toContain('index.ts');
  for (const file of files)
    expect(readFileSync(join(measures, file), 'utf8'), file).not.toMatch(/from '(\.\/plot|d3-|entities)/);
});
