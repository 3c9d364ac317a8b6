// How a browser finds every package as it was built, without a bundler.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix, relative, sep } from 'node:path';

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

/** What figures are drawn with, and what that needs. */
const drawing = [
  'd3-array',
  'd3-color',
  'd3-contour',
  'd3-format',
  'd3-interpolate',
  'd3-path',
  'd3-scale',
  'd3-scale-chromatic',
  'd3-shape',
  'd3-time',
  'd3-time-format',
  'entities/escape',
  'internmap',
];

/** The import map: TensorFlow.js, jax-js, ml-matrix, D3, and every entry that the packages of this repository export. */
export function importMap() {
  const engines = Object.entries(tensorflow).map(([name, url]) => [`@tensorflow/tfjs${name}`, url]);
  const ofNode = ['fs', 'path', 'os', 'perf_hooks'].map((name) => [name, nothing]);
  const jax = ['@jax-js/jax', '/node_modules/@jax-js/jax/dist/index.js'];
  const matrix = ['ml-matrix', '/browsers/mapped/ml-matrix.mjs'];
  return { imports: Object.fromEntries([...engines, ...ofNode, jax, matrix, ...drawn(), ...flatmin()]) };
}

// Where the package that draws finds them, through its link in node_modules.
function drawn() {
  const folder = join(import.meta.dirname, '../packages/landscape');
  const { resolve } = createRequire(join(folder, 'package.json'));
  return drawing.map((name) => {
    const path = resolve(name);
    const own = relative(folder, path).split(sep).join('/');
    const [, shared] = path.split(sep).join('/').split('/node_modules/');
    return [name, own.startsWith('..') ? `/node_modules/${shared}` : `/node_modules/@flatmin/landscape/${own}`];
  });
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
