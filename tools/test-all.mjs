// Everything that shows the project whole, slow parts included: `npm run test:all`.
import { spawnSync } from 'node:child_process';

const vitest = ['vitest', 'run', '--coverage'];
const slow = { FLATMIN_TEST_ALL: '1' };

/** Each part with its command; every part runs, whatever the others do. */
const parts = [
  ['build, types, lint, packages as published', 'npm', ['run', 'check']],
  ['every engine of this machine', 'npm', ['run', 'test:engines']],
  ['a browser', 'npm', ['run', 'test:browser']],
  ['API reference', 'npm', ['run', 'docs:api']],
  ['all tests, branches covered', 'npx', vitest, slow],
  ['mistakes in @flatmin/tree, core and sam are caught', 'npm', ['run', '--silent', 'test:mutants']],
  ['mistakes in @flatmin/tfjs are caught', 'npm', ['run', '--silent', 'test:mutants:tfjs']],
  ['a short soak', 'npm', ['run', '--silent', 'soak', '--', '--steps', '20000']],
  ...['22', '24'].map((version) => [
    `tests on Node ${version}`,
    'npx',
    ['--yes', '--package', `node@${version}`, 'node', 'node_modules/vitest/vitest.mjs', 'run'],
  ]),
];

const failed = [];
for (const [name, command, args, env = {}] of parts) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) failed.push(name);
}
process.stdout.write(`\n${parts.length - failed.length} of ${parts.length} parts passed\n`);
for (const name of failed) process.stdout.write(`failed: ${name}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
