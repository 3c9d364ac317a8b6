import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packages } from './packages.ts';

describe.each(packages())('the README of $name', ({ name, folder, snippet }) => {
  it('has a snippet that runs on the built package and prints what it says', () => {
    expect(snippet.code).toContain(`from '${name}'`);
    // In a folder of its own within the package's, where names lead to what this package may import.
    const beside = mkdtempSync(join(folder, '.readme-'));
    try {
      for (const [file, text] of Object.entries({ ...snippet.files, 'snippet.js': snippet.code }))
        writeFileSync(join(beside, file), text);
      const printed = execFileSync(process.execPath, [join(beside, 'snippet.js')], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      expect(printed).not.toBe('');
      expect(printed).toBe(snippet.output);
    } finally {
      rmSync(beside, { recursive: true });
    }
  });

  it('starts with the name, one sentence and an install line', () => {
    const [title, , sentence] = readFileSync(join(folder, 'README.md'), 'utf8').split('\n');
    expect(title).toBe(`# ${name}`);
    expect(sentence).toMatch(/^[^.]*(\.\w[^.]*)*\.$/);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toMatch(new RegExp(`^ *npm install .*${name}`, 'm'));
  });
});
