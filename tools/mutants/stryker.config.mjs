/** Mutates one package, `$FLATMIN_MUTANTS`, and runs its own tests: `npm run test:mutants`. */
const folder = process.env.FLATMIN_MUTANTS;

export default {
  mutate: [`packages/${folder}/src/**/*.ts`, '!**/*.test.ts', '!**/testing/**'],
  ignorePatterns: ['**', '!packages/**', '!tools/mutants/**', '!package.json', '!tsconfig.base.json', '**/dist'],
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutants/vitest.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 30_000,
  tempDirName: 'out/mutants/sandbox',
  incrementalFile: `out/mutants/${folder}-incremental.json`,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `out/mutants/${folder}.json` },
};
