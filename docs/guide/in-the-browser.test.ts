import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

describe('the page on browsers', () => {
  const page = read('in-the-browser.md');
  const shown = [...page.matchAll(/\((in-the-browser\/[\w./-]+)\)(?:(?!```).)*```\w+\n(.*?)^```$/gms)];

  it('shows the very files that a browser runs in npm run test:browser', () => {
    for (const [, file, code] of shown) expect(code, file).toBe(read(file!));
  });

  it('shows nothing else, and leaves out only the page that loads a bundle', () => {
    expect(page.match(/^```\w+$/gm)).toHaveLength(shown.length);
    const files = readdirSync(join(import.meta.dirname, 'in-the-browser'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(import.meta.dirname.length + 1));
    const left = files.filter((file) => !shown.some(([, other]) => other === file));
    expect(left).toEqual(['in-the-browser/bundled/index.html']);
  });

  it('links to files that exist', () => {
    for (const [, target] of page.matchAll(/\]\((?!https:)([^)]+)\)/g))
      expect(existsSync(join(import.meta.dirname, target!)), target).toBe(true);
  });
});
