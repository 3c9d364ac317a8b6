// Small changes to the source of tree, core and sam, which their tests must notice: `npm run test:mutants [-- sam …]`.
// Packages that are not named are reported as they came out last. `-- --changed` repeats only what may come out otherwise.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdown, openPlaces, summarize } from './report.mjs';

const MOST_LEFT_ALIVE = 0.1;
const all = ['tree', 'core', 'sam'];
const root = join(import.meta.dirname, '../..');
const page = join(root, 'verification/mutants/README.md');
const result = (name) => join(root, `out/mutants/${name}.json`);
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

function stryker(name, ...options) {
  const command = ['stryker', 'run', 'tools/mutants/stryker.config.mjs', '--incremental', ...options];
  const env = { ...process.env, FLATMIN_MUTANTS: name };
  const { status } = spawnSync('npx', command, { cwd: root, stdio: 'inherit', env });
  if (status !== 0) throw new Error(`Stryker ended with ${status} on ${name}`);
}

// What runs while a test file is loaded belongs to no test: a mutant there takes all tests to be tried. First come the
// tests that reach a mutant by themselves; the few that these leave open are tried once more, by all.
function mutate(name, changed) {
  if (!changed) rmSync(join(root, `out/mutants/${name}-incremental.json`), { force: true });
  stryker(name, '--ignoreStatic');
  const open = openPlaces(json(result(name)));
  if (open.length > 0) stryker(name, '--force', '--mutate', open.join(','));
}

const args = process.argv.slice(2);
const changed = args.includes('--changed');
const asked = args.filter((arg) => arg !== '--changed');
const unknown = asked.find((name) => !all.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`error: package ${unknown} must be one of ${all.join(', ')}\n`);
  process.exit(2);
}

for (const name of asked.length === 0 ? all : asked) mutate(name, changed);
const explanations = json(join(root, 'verification/mutants/explanations.json'));
const packages = all
  .filter((name) => existsSync(result(name)))
  .map((name) => ({ name, summary: summarize(json(result(name)), explanations) }));
const text = `${markdown(packages)}\n`;
if (packages.length === all.length) writeFileSync(page, text);
process.stdout.write(text);

const failed = packages.filter(
  ({ summary: { share, survivors } }) => share > MOST_LEFT_ALIVE || survivors.some(({ why }) => why === undefined),
);
for (const { name } of failed) process.stdout.write(`\nfailed: ${name}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
