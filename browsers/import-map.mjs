// How a browser finds every package as it was built, without a bundler.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const tfjs = '/node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js';
const nothing = 'data:text/javascript,export default {}';

/**
 * TensorFlow.js is one file that holds core, layers, WebGL and cpu: all names of these lead to it, so that there is one copy. The
 * WebAssembly backend names modules of Node, which it does not use in a browser.
 */
const tensorflow = {
  ...Object.fromEntries(['', '-core', '-layers', '-backend-cpu', '-backend-webgl'].map((name) => [name, tfjs])),
  '-backend-wasm': '/node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.fesm.min.js',
  '-backend-webgpu': '/node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.fesm.min.js',
};

/** The import map: TensorFlow.js, jax-js, ml-matrix, and every entry that the packages of this repository export. */
export function importMap() {
  const engines = Object.entries(tensorflow).map(([name, url]) => [`@tensorflow/tfjs${name}`, url]);
  const ofNode = ['fs', 'path', 'os', 'perf_hooks'].map((name) => [name, nothing]);
  const jax = ['@jax-js/jax', '/node_modules/@jax-js/jax/dist/index.js'];
  const matrix = ['ml-matrix', '/browsers/mapped/ml-matrix.mjs'];
  return { imports: Object.fromEntries([...engines, ...ofNode, jax, matrix, ...flatmin()]) };
}

function flatmin() {
  const packages = join(import.meta.dirname, '../packages');
  return readdirSync(packages).flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8'));
    const modules = Object.entries(exports).filter(([, target]) => typeof target === 'object');
    return modules.map(([subpath, target]) => [
      posix.join(name, subpath),
      posix.join('/node_modules', name, target.default),
    ]);
  });
}

/** A page that has the import map, and nothing else. */
export const mappedPage = () => `<!doctype html>
<title>flatmin, through an import map</title>
<link rel="icon" href="data:," />
<script type="importmap">${JSON.stringify(importMap())}</script>
`;
