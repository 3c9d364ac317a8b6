import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { auditOf } from './audit.ts';
import { packages } from './packages.ts';

/** What comes with the published packages into a user's project: dependencies and peers, optional ones left out. */
function installedWithThem(): Record<string, string> {
  const entries = packages().flatMap(({ manifest: { dependencies, peerDependencies, peerDependenciesMeta } }) => [
    ...Object.entries(dependencies ?? {}),
    ...Object.entries(peerDependencies ?? {}).filter(([name]) => !peerDependenciesMeta?.[name]?.optional),
  ]);
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith('@flatmin/')));
}

it('nothing that is installed with the packages has a known vulnerability of severity high', ({ skip }) => {
  const folder = mkdtempSync(join(tmpdir(), 'flatmin-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const dependencies = installedWithThem();
  expect(Object.keys(dependencies)).toContain('@tensorflow/tfjs-core');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: folder, stdio: 'ignore' });
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: folder, encoding: 'utf8' });
  const audit = auditOf(stdout);
  if (audit.kind === 'unknown') {
    process.stdout.write(`skipped: known vulnerabilities could not be asked for (${audit.reason})\n`);
    skip(audit.reason);
  }
  expect(audit).toEqual({ kind: 'clean' });
}, 300_000);
