import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitOf, provenance } from './provenance.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

/** A checkout with one commit. */
function checkout(): { folder: string; commit: string } {
  const folder = temporaryFolder();
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  git('init', '--quiet');
  writeFileSync(join(folder, 'file'), 'content');
  git('add', '.');
  git('-c', 'user.name=n', '-c', 'user.email=e', 'commit', '--quiet', '--message', 'first');
  return { folder, commit: git('rev-parse', 'HEAD') };
}

test('the commit of a clean checkout stands alone, from any folder in it', async () => {
  const { folder, commit } = checkout();
  mkdirSync(join(folder, 'inner'));
  expect(await commitOf(join(folder, 'inner'))).toBe(commit);
});

test('a changed or a new file makes it dirty, from any folder', async () => {
  const { folder, commit } = checkout();
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'new'), '');
  expect(await commitOf(join(folder, 'inner'))).toBe(`${commit}-dirty`);
});

test('recorded results do not make it dirty', async () => {
  const { folder, commit } = checkout();
  mkdirSync(join(folder, 'benchmarks/results/one'), { recursive: true });
  writeFileSync(join(folder, 'benchmarks/results/one/summary.json'), '{}');
  expect(await commitOf(folder)).toBe(commit);
});

test('outside a checkout the commit is unknown', async () => {
  expect(await commitOf(temporaryFolder())).toBe('unknown');
});

test('the machine is told by its processor, memory and system', async () => {
  const { machine, node } = await provenance();
  expect(machine).toMatch(/, \d+ threads, \d+ GiB, \w+ \w+$/);
  expect(node).toBe(process.version);
});
