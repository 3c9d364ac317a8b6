import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Summary {
  readonly tried: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly share: number;
  readonly survivors: readonly { readonly code: string; readonly why?: string }[];
}
interface Report {
  summarize(stryker: object, explanations: object): Summary;
  openPlaces(stryker: object): string[];
  markdown(packages: readonly { name: string; summary: Summary }[]): string;
}

// Its own folder's JavaScript, which has no types.
const { summarize, openPlaces, markdown }: Report = await import(join(import.meta.dirname, 'report.mjs'));

const path = 'packages/tree/src/sum.ts';
const source = 'const sum = (a, b) =>\n  a + b;\n  return `x`;\n';
const mutant = (status: string, replacement: string, [line, from, to]: [number, number, number] = [2, 3, 8]) => ({
  status,
  replacement,
  location: { start: { line, column: from }, end: { line, column: to } },
});
const stryker = (...mutants: object[]) => ({ files: { [path]: { source, mutants } } });

it('counts what became of the mutants; the share left alive is of those that survived or that no test reached', () => {
  const fates = ['Killed', 'Killed', 'Timeout', 'NoCoverage'];
  const { tried, counts, share } = summarize(stryker(...fates.map((fate) => mutant(fate, ''))), {});
  expect(tried).toBe(4);
  expect(counts).toEqual({ killed: 2, 'timed out': 1, survived: 0, 'not covered': 1 });
  expect(share).toBe(0.25);
});

it('finds the places of mutants that run while a file is loaded, and are not dead yet', () => {
  const open = ['Killed', 'Timeout', 'Survived', 'Ignored'].map((fate) => ({ ...mutant(fate, ''), static: true }));
  const place = `${path}:2:2-2:7`; // Stryker's report counts columns from 1, its option from 0
  expect(openPlaces(stryker(...open, mutant('Survived', '')))).toEqual([place, place]);
});

it('finds the explanation of a survivor by the text of its line, and by what it becomes where that is told', () => {
  const why = 'the same sum';
  const survivor = stryker(mutant('Survived', 'b +\n  a'));
  const explained = (...explanations: object[]) => summarize(survivor, { [path]: explanations }).survivors[0]?.why;
  expect(explained({ line: 'a + b;', becomes: 'b + a', why })).toBe(why);
  expect(explained({ line: 'a + b;', why })).toBe(why);
  expect(explained({ line: 'a + b;', becomes: 'a - b', why })).toBeUndefined();
  expect(explained({ line: 'a + c;', why })).toBeUndefined();
});

it('shows each survivor with its line, its code, what it becomes, and why or that nobody said why', () => {
  const template = mutant('NoCoverage', '``', [3, 10, 13]);
  const summary = summarize(stryker(mutant('Survived', 'a - b'), template), {
    [path]: [{ line: 'a + b;', why: 'because' }],
  });
  const page = markdown([{ name: 'tree', summary }]);
  expect(page).toContain('| tree | 2 | 0 | 0 | 1 | 1 | 100.0 % |');
  expect(page).toContain('### sum.ts');
  expect(page).toContain('- line 2, `a + b` → `a - b`: because');
  expect(page).toContain('- line 3, `` `x` `` → `` `` `` (not covered): **not explained**');
});

it('shows of a mutant that is long its beginning', () => {
  const page = markdown([{ name: 'tree', summary: summarize(stryker(mutant('Survived', 'x'.repeat(500))), {}) }]);
  expect(page).toContain(`→ \`${'x'.repeat(160)}…\`:`);
});

it('says so where none is left alive', () => {
  const summary = summarize(stryker(mutant('Killed', '')), {});
  expect(markdown([{ name: 'tree', summary }])).toContain('## tree\n\nNone is left alive.');
});
