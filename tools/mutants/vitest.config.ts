import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '../..');
// What is long would take most of the time, once for many a mutant; without it more may survive, not fewer.
const long = ['**/*.slow.test.ts', '**/{random-trees,random-programs,nested-combinators,ten-million-elements}.test.ts'];

/**
 * The tests of one package, on the mutated copy of the repository in which they run: through `node_modules` the
 * packages would find each other unchanged.
 */
export default defineConfig({
  resolve: { alias: [{ find: /^@flatmin\/([a-z]+)$/, replacement: join(root, 'packages/$1/src/index.ts') }] },
  test: {
    root,
    include: [`packages/${process.env['FLATMIN_MUTANTS']}/src/**/*.test.ts`],
    exclude: ['**/node_modules/**', ...long],
    testTimeout: 60_000,
    isolate: false,
  },
});
