import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, step } from './run.mjs';

/**
 * Puts a package into `staging/package`, with its dependencies inside. TensorFlow.js itself is left out: the addon has to find
 * the copy that everything else uses.
 */
export function obtain({ name, version }, staging) {
  step('fetching the package and what it depends on');
  const packed = run('npm', ['pack', '--json', `${name}@${version}`], { what: `fetching ${name}`, cwd: staging });
  const [{ filename }] = JSON.parse(packed);
  run('tar', ['-xzf', filename], { what: `unpacking ${filename}`, cwd: staging });

  const folder = join(staging, 'package');
  const manifest = join(folder, 'package.json');
  const original = readFileSync(manifest, 'utf8');
  const { devDependencies, ...rest } = JSON.parse(original);
  const { '@tensorflow/tfjs': shared, ...own } = rest.dependencies;
  writeFileSync(manifest, JSON.stringify({ ...rest, dependencies: own }));
  const install = ['install', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--workspaces=false'];
  run('npm', install, { what: `fetching what ${name} depends on`, cwd: folder });
  writeFileSync(manifest, original);
}
