// Sets up the engines that no `npm ci` brings: `npm run setup:native [-- --gpu | --webgpu] [--build]`.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { addTensorflow } from './addon.mjs';
import { cached, discard, keep, makeStaging } from './cache.mjs';
import { obtain } from './obtain.mjs';
import { packages } from './packages.mjs';
import { place, remove, tryOut } from './place.mjs';
import { SetupError, step } from './run.mjs';

const usage = `npm run setup:native [-- --gpu | --webgpu] [--build]

  (nothing)   TensorFlow's native addon, @tensorflow/tfjs-node
  --gpu       the same for graphics cards of NVIDIA, @tensorflow/tfjs-node-gpu
  --webgpu    WebGPU for Node, webgpu
  --build     build the addon here, without trying its own download first

What is made is kept in $FLATMIN_CACHE/native, else ~/.cache/flatmin/native, and put into node_modules, from where npm removes
it when it installs anything: run this again then, it takes a moment.`;

function main() {
  const { gpu, webgpu, build, help } = options();
  if (help) return void process.stdout.write(`${usage}\n`);
  if (gpu && webgpu) throw new SetupError('--gpu and --webgpu are two engines; set one up after the other');
  setUp(webgpu ? packages.webgpu : gpu ? packages.tensorflowGpu : packages.tensorflow, { build });
}

function options() {
  const flag = { type: 'boolean', default: false };
  try {
    return parseArgs({ options: { gpu: flag, webgpu: flag, build: flag, help: flag } }).values;
  } catch (error) {
    throw new SetupError(`${error.message.split('. ')[0]}; --help tells the options`);
  }
}

/** Obtains and builds what the cache has not, puts it into node_modules, and tries it out. */
function setUp(one, { build }) {
  process.stdout.write(`${one.name} ${one.version}\n`);
  const folder = cached(one);
  if (existsSync(folder)) step(`found in ${folder}`);
  else make(one, { build });
  place(one, folder);
  try {
    tryOut(one);
  } catch (error) {
    remove(one);
    discard(folder);
    throw error;
  }
}

/** Made in a folder of its own and renamed when it is whole, so that the cache holds nothing by halves. */
function make(one, { build }) {
  const staging = makeStaging(one);
  try {
    obtain(one, staging);
    if (one.addon !== undefined) addTensorflow(one, staging, { build });
    keep(one, staging);
  } finally {
    discard(staging);
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
