import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A published package of this repository. */
export interface Package {
  readonly name: string;
  readonly folder: string;
  readonly manifest: {
    readonly version: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly scripts?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
    readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  };
  /** The runnable snippet of its README, what it prints, and what files beside it by name. */
  readonly snippet: {
    readonly code: string;
    readonly output: string;
    readonly files: Readonly<Record<string, string>>;
  };
}

const root = join(import.meta.dirname, '..');

/** All published packages. */
export function packages(): Package[] {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  return folders.map((folder) => {
    const { name, ...manifest } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { name, folder, manifest, snippet: snippetOf(readFileSync(join(folder, 'README.md'), 'utf8')) };
  });
}

function snippetOf(readme: string): Package['snippet'] {
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(readme)?.[1] ?? '';
  const files = [...readme.matchAll(/^```js (\S+)\n(.*?)^```/gms)].map(([, name, text]) => [name!, text!] as const);
  return { code: block('js'), output: block('text'), files: Object.fromEntries(files) };
}
