import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run, SetupError, step } from './run.mjs';

const root = join(import.meta.dirname, '..', '..');
const target = ({ name }) => join(root, 'node_modules', name);

/** What is needed to build and not to run. */
const UNUSED = new Set(['deps', 'binding', 'src', 'python', 'scripts']);

/**
 * Copies a package into node_modules, so that it finds the TensorFlow.js there; TensorFlow's library, which is large, stays in
 * the cache and is linked. It appears whole or not at all.
 */
export function place(one, folder) {
  if (!existsSync(join(root, 'node_modules'))) throw new SetupError('node_modules is missing; run npm ci first');
  step(`putting it into ${join('node_modules', one.name)}`);
  const part = join(root, 'node_modules', `.${basename(folder)}.part`);
  rmSync(part, { recursive: true, force: true });
  cpSync(folder, part, { recursive: true, filter: (path) => dirname(path) !== folder || !UNUSED.has(basename(path)) });
  if (existsSync(join(folder, 'deps'))) symlinkSync(join(folder, 'deps'), join(part, 'deps'), 'junction');
  remove(one);
  mkdirSync(dirname(target(one)), { recursive: true });
  renameSync(part, target(one));
}

/** Takes it out of node_modules. */
export function remove(one) {
  rmSync(target(one), { recursive: true, force: true });
}

/** Computes something with it, in a process of its own. */
export function tryOut(one) {
  const what = `trying ${one.name} out`;
  const printed = run(process.execPath, ['--input-type=module', '--eval', one.tryOut], { what, cwd: root });
  if (!/^3$/m.test(printed)) throw new SetupError(`${what} failed (it printed ${JSON.stringify(printed)} for 3)`);
  step('tried out: it works');
}
