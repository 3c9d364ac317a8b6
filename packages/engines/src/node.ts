import { absent, type Presence, present } from './engine.ts';

/** Whether this is Node, not a browser. */
export const inNode = (): boolean => typeof process !== 'undefined' && process.versions?.node !== undefined;

/** Whether packages can be imported. A bundler has found them when it made the bundle. */
export function installed(...names: readonly string[]): Presence {
  const missing = inNode() ? names.filter((name) => folderOf(name) === undefined) : [];
  if (missing.length === 0) return present;
  const are = missing.length > 1 ? 'are' : 'is';
  return absent(`${missing.join(' and ')} ${are} not installed; npm install ${missing.join(' ')}`);
}

/** The folder of a package as a URL that ends in a slash, if it is installed. Node only. */
export function folderOf(name: string): string | undefined {
  try {
    return new URL('.', import.meta.resolve(`${name}/package.json`)).href;
  } catch {
    return undefined;
  }
}

/** A package that only Node has: bundlers for browsers neither look for it nor complain that it is missing. */
export async function importInNode(name: string): Promise<Record<string, unknown>> {
  return await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
}
