// Production bundles by Vite.
import { join } from 'node:path';
import * as zoo from '@flatmin/zoo';
import { build, createLogger } from 'vite';
import { told } from './told.mjs';

const configFile = join(import.meta.dirname, '../docs/guide/in-the-browser/bundled/vite.config.js');

/** Bundles an app into a folder, configured as the guide says. */
export async function bundleApp(root, outDir) {
  await bundle({ root, configFile, base: './', build: { outDir, emptyOutDir: true } });
}

/** Whether a bundle holds the variants that it imports, and no others. */
export async function* checkUnused() {
  yield told('bundle of sam', () => holdsOnly([], "export { sam } from '@flatmin/sam'"));
  yield told('bundle of looksam of the zoo', () => holdsOnly(['looksam'], "export { looksam } from '@flatmin/zoo'"));
}

async function holdsOnly(expected, source) {
  const code = await codeOf(source);
  // Each names itself when it refuses its options.
  const held = Object.keys(zoo).filter((name) => new RegExp(`["'\`]${name}["'\`]`).test(code));
  if (held.join() !== expected.join()) throw new Error(`of the zoo it holds ${held.join(', ') || 'nothing'}`);
  return `${(code.length / 1024).toFixed(1)} KiB`;
}

/** A module bundled with all that it imports. */
async function codeOf(source) {
  const input = 'virtual:module';
  const plugin = {
    name: 'virtual',
    resolveId: (id) => (id === input ? id : null),
    load: (id) => (id === input ? source : null),
  };
  const { output } = await bundle({
    configFile: false,
    plugins: [plugin],
    build: { write: false, rolldownOptions: { input, preserveEntrySignatures: 'strict' } },
  });
  return output.map(({ code }) => code).join('\n');
}

/** As Vite bundles for production. A warning is an error. */
async function bundle({ build: { rolldownOptions, ...options }, ...config }) {
  const warnings = [];
  const customLogger = createLogger('warn');
  customLogger.warn = (message) => warnings.push(message);
  customLogger.warnOnce = customLogger.warn;
  // The test imports at once what `openEngine` would import when it is asked to; and what is slow here is no fault.
  const checks = { ineffectiveDynamicImport: false, pluginTimings: false };
  const result = await build({
    ...config,
    customLogger,
    logLevel: 'warn',
    build: { chunkSizeWarningLimit: 2000, ...options, rolldownOptions: { ...rolldownOptions, checks } },
    worker: { rolldownOptions: { checks } },
  });
  if (warnings.length > 0) throw new Error(`Vite warns: ${warnings.join(' ')}`);
  return result;
}
