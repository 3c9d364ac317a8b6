import { defineConfig } from 'vitest/config';

const all = Boolean(process.env['FLATMIN_TEST_ALL']);
const conditions = ['@flatmin/source', 'node', 'import', 'module', 'default'];

/** Tests stand beside the source and run on it, without a build; `*.slow.test.ts` run in `npm run test:all` only. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      '{packages/*,benchmarks,verification}/src/**/*.test.ts',
      'docs/guide/**/*.test.ts',
      'tools/**/*.test.ts',
      'browsers/*.test.mjs',
    ],
    exclude: ['**/node_modules/**', ...(all ? [] : ['**/*.slow.test.ts'])],
    // Threads that tests start run on the source too.
    execArgv: ['--import', new URL('tools/typescript-in-threads/register.mjs', import.meta.url).href],
    testTimeout: all ? 900_000 : 60_000,
    // By default one processor is left idle: of two, half.
    maxWorkers: '100%',
    coverage: {
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/testing/**'],
      reporter: ['text', 'json', 'json-summary'],
      thresholds: { branches: 95 },
    },
  },
});
