import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const BENCHMARKS = join(ROOT, 'benchmarks');
/** Its time of change is when the last good build began. */
const STAMP = join(BENCHMARKS, '.turbo', 'built');

/** Builds the benchmarks and the packages they use, unless nothing changed since. Ends the program when that fails. */
export function ensureBuilt() {
  if (isUpToDate()) return;
  process.stderr.write('Building…\n');
  const startedAt = new Date();
  const turbo = join(dirname(createRequire(import.meta.url).resolve('turbo/package.json')), 'bin', 'turbo');
  const build = spawnSync(process.execPath, [turbo, 'run', 'build', '--filter=@flatmin/benchmarks'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (build.status !== 0) {
    process.stderr.write(`${build.stdout}${build.stderr}error: the build failed, its messages stand above\n`);
    process.exit(1);
  }
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, '');
  utimesSync(STAMP, startedAt, startedAt);
}

function isUpToDate() {
  if (!existsSync(STAMP)) return false;
  const builtAt = statSync(STAMP).mtimeMs;
  const folders = workspacesOf(BENCHMARKS);
  const inputs = folders.flatMap((folder) =>
    ['src', 'package.json', 'tsconfig.json'].map((name) => join(folder, name)),
  );
  const shared = ['tsconfig.base.json', 'tsdown.config.ts'].map((name) => join(ROOT, name));
  return (
    folders.every((folder) => existsSync(join(folder, 'dist'))) &&
    [...inputs, ...shared].every((path) => newestChange(path) <= builtAt)
  );
}

/** The folder of a workspace and those of all workspaces it uses. */
function workspacesOf(folder) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const own = Object.keys(dependencies).filter((name) => name.startsWith('@flatmin/'));
  return [folder, ...own.flatMap((name) => workspacesOf(join(ROOT, 'packages', basename(name))))];
}

/** When a file, or anything in a folder, last changed; a folder's own time tells of files taken away. */
function newestChange(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}
