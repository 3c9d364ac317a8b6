import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packages } from './packages.ts';

const all = packages();
const [tarballs, project] = ['tarballs', 'project'].map((name) => mkdtempSync(join(tmpdir(), `flatmin-${name}-`))) as [
  string,
  string,
];
const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const typescript = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'));
const compilation =
  '--strict --target es2022 --module nodenext --skipLibCheck --types node --rewriteRelativeImportExtensions'.split(' ');
const kit = `
import test from 'node:test';
import { variantChecks } from '@flatmin/conformance';
import { layerSam } from './layer-sam.ts';
for (const { title, run } of variantChecks(layerSam)) test(title, run);
`;
const training = `
import '@tensorflow/tfjs-backend-cpu';
import { train } from './fit.ts';
console.log((await train(40)).at(-1));
`;

describe('the packed packages, installed into an empty project outside the repository,', () => {
  beforeAll(() => {
    const files = all.map(({ folder }) => {
      const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', tarballs], folder));
      return join(tarballs, filename);
    });
    writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    // The sentence that the snippets' install lines come to: the packages, and the engine as its users install it.
    run(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        ...files,
        '@tensorflow/tfjs@4.22.0',
        '@tensorflow/tfjs-backend-wasm@4.22.0',
        '@types/node@20.19.8',
      ],
      project,
    );
  }, 300_000);

  afterAll(() => {
    for (const folder of [tarballs, project]) rmSync(folder, { recursive: true, force: true });
  });

  it.each(all)('run the snippet of $name', ({ snippet }) => {
    for (const [file, text] of Object.entries({ ...snippet.files, 'snippet.js': snippet.code }))
      writeFileSync(join(project, file), text);
    expect(run(process.execPath, ['snippet.js'], project)).toBe(snippet.output);
  });

  it('take a variant written outside through the kit, and train by it in fit', () => {
    const folder = join(project, 'own-variant');
    mkdirSync(folder);
    for (const file of ['layer-sam.ts', 'fit.ts'])
      cpSync(join(import.meta.dirname, '../docs/guide/own-variant', file), join(folder, file));
    writeFileSync(join(folder, 'kit.ts'), kit);
    writeFileSync(join(folder, 'train.ts'), training);
    // Against the declarations that were packed.
    run(process.execPath, [typescript, ...compilation, 'kit.ts', 'train.ts'], folder);
    expect(run(process.execPath, ['--test', 'kit.js'], folder)).toMatch(/^# fail 0$/m);
    expect(Number(run(process.execPath, ['train.js'], folder))).toBeGreaterThan(0.85);
  });

  it.each(all)('hold what is needed of $name and no tests', ({ name }) => {
    const listing = run('find', [join(project, 'node_modules', name), '-type', 'f'], project);
    expect(listing).toContain('dist/index.js');
    expect(listing).toContain('dist/index.d.ts');
    expect(listing).not.toMatch(/\.test\.|\/testing\//);
  });
});
