import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Mutant {
  readonly file: string;
  readonly mistake: string;
}

// Its own folder's JavaScript, which has no types.
const { mutants, troubleWith }: { mutants: readonly Mutant[]; troubleWith: (mutant: object) => string | undefined } =
  await import(join(import.meta.dirname, 'mutants.mjs'));

test('every mutant changes a text that its file has once, and names tests that there are', () => {
  const rotten = mutants.map((mutant) => [mutant.file, mutant.mistake, troubleWith(mutant)]);
  expect(rotten.filter(([, , trouble]) => trouble !== undefined)).toEqual([]);
});

test('a mutant is not told twice', () => {
  const titles = mutants.map(({ file, mistake }) => `${file}: ${mistake}`);
  expect(new Set(titles).size).toBe(titles.length);
});

test('a text that is gone, or there more than once, is noticed', () => {
  const mutant = { file: 'snapshot.ts', from: 'release(): void {', to: 'free(): void {', tests: ['restore'] };
  expect(troubleWith(mutant)).toBeUndefined();
  expect(troubleWith({ ...mutant, from: 'gone' })).toBe('the text is there 0 times; give one that is there once');
  expect(troubleWith({ ...mutant, from: '#saved' })).toMatch(/the text is there \d+ times/);
  expect(troubleWith({ ...mutant, tests: ['resotre'] })).toBe('there is no resotre.test.ts');
});
