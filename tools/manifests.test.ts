import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packages } from './packages.ts';

const root = join(import.meta.dirname, '..');

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
  /** Of a link: where it leads. */
  readonly resolved?: string;
  readonly link?: boolean;
}
const locked: Readonly<Record<string, Locked>> = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
).packages;

/** The place of a package in the lock file as Node.js would find it from a folder. */
function placeOf(name: string, from: string): string {
  const place = join(from, 'node_modules', name);
  if (locked[place]) return locked[place].link ? locked[place].resolved! : place;
  if (from === '.') throw new Error(`${name} is not in package-lock.json; run npm install`);
  return placeOf(name, dirname(from));
}

/** The places of a package's dependencies, and of theirs. */
function withDependencies(place: string, found: Set<string> = new Set()): Set<string> {
  for (const name of Object.keys(locked[place]?.dependencies ?? {})) {
    const dependency = placeOf(name, place);
    if (!found.has(dependency)) withDependencies(dependency, found.add(dependency));
  }
  return found;
}

describe.each(packages())('the manifest of $name', ({ folder, manifest }) => {
  it('runs nothing when it is installed', () => {
    const scripts = Object.keys(manifest.scripts ?? {});
    expect(scripts.filter((name) => /^(pre|post)?(install|prepare|prepublish)$/.test(name))).toEqual([]);
    expect(existsSync(join(folder, 'binding.gyp'))).toBe(false); // npm would build it
  });

  it('brings nothing that runs when it is installed', () => {
    const brought = [...withDependencies(`packages/${folder.split(/[\\/]/).at(-1)}`)];
    expect(brought.filter((place) => locked[place]!.hasInstallScript)).toEqual([]);
  });

  it('takes its dependencies from the registry alone', () => {
    const { dependencies, peerDependencies } = manifest;
    for (const range of Object.values({ ...dependencies, ...peerDependencies })) {
      expect(range).toMatch(/^[\^~]?\d+\.\d+\.\d+$/);
    }
  });
});

it('dependencies of dependencies are found', () => {
  expect(withDependencies('packages/zoo')).toContain('packages/tree');
  expect(withDependencies('packages/checkpoint')).toContain('node_modules/@foxglove/crc');
});
