import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run, SetupError, step } from './run.mjs';

const DOWNLOAD_LIMIT = 300_000;

/** Where Node 20.3 and later look for the addon. */
const ADDON = 'lib/napi-v8/tfjs_binding.node';

/** Gives `staging/package` TensorFlow's C library and the addon that binds it. */
export function addTensorflow(one, staging, { build }) {
  const folder = join(staging, 'package');
  if (!build && downloaded(one, folder)) return;
  // Python's TensorFlow has these files on Linux.
  if (process.platform !== 'linux' || one.addon.wheel === undefined) {
    throw new SetupError(`${one.name} needs its own download; run this again where its host can be reached`);
  }
  const gyp = checkTools();
  takeLibrary(one.addon.wheel, staging, folder);
  compile(gyp, folder);
}

/** The package's own way: it downloads the library, and the addon too. */
function downloaded({ name, addon }, folder) {
  step(`letting ${name} download TensorFlow, for at most ${DOWNLOAD_LIMIT / 60_000} minutes`);
  const PATH = [join(folder, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const options = { what: 'the download', cwd: folder, env: { ...process.env, PATH }, timeout: DOWNLOAD_LIMIT };
  try {
    run(process.execPath, ['scripts/install.js', ...addon.args], options);
    if (existsSync(join(folder, ADDON))) return true;
    step('it left no addon');
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    step(error.message);
  }
  for (const left of ['deps', 'lib', 'build']) rmSync(join(folder, left), { recursive: true, force: true });
  return false;
}

/** What building takes, looked for before a large download; returns the node-gyp of npm, which npm names to its scripts. */
function checkTools() {
  const what = 'building the addon';
  run('python3', ['-m', 'pip', '--version'], { what });
  for (const tool of ['make', 'g++']) run(tool, ['--version'], { what });
  const { npm_config_node_gyp: gyp } = process.env;
  if (gyp === undefined) throw new SetupError(`${what} needs the node-gyp of npm; start it by npm run setup:native`);
  return gyp;
}

/** TensorFlow's Python package has the C library and its headers. */
function takeLibrary(wheel, staging, folder) {
  step(
    `taking TensorFlow's C library out of the Python package ${wheel.name} ${wheel.version} (about 1 GB for a while)`,
  );
  const python = join(staging, 'python');
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--target', python];
  run('python3', [...pip, `${wheel.name}==${wheel.version}`], { what: `fetching the Python package ${wheel.name}` });

  const [from, to] = [join(python, 'tensorflow'), join(folder, 'deps', 'lib')];
  mkdirSync(to, { recursive: true });
  for (const [file, linkedAs] of [
    ['libtensorflow_cc.so.2', 'libtensorflow.so'],
    ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
  ]) {
    if (!existsSync(join(from, file))) throw new SetupError(`the Python package ${wheel.name} has no ${file}`);
    renameSync(join(from, file), join(to, file));
    symlinkSync(file, join(to, linkedAs));
  }
  symlinkSync(join(from, 'include'), join(folder, 'deps', 'include'));
}

function compile(gyp, folder) {
  step('compiling the addon against it');
  const options = ['--module_name=tfjs_binding', '--module_path=./lib/napi-v8', '--napi_build_version=8'];
  run(process.execPath, [gyp, 'rebuild', ...headers(), ...options], { what: 'compiling', cwd: folder });
  mkdirSync(dirname(join(folder, ADDON)), { recursive: true });
  cpSync(join(folder, 'build/Release/tfjs_binding.node'), join(folder, ADDON));
  for (const left of ['build', 'deps/include']) rmSync(join(folder, left), { recursive: true, force: true });
}

/** Node's headers, where they came with it; else node-gyp downloads them. */
function headers() {
  const { npm_config_nodedir: configured } = process.env;
  if (configured) return [];
  const prefix = join(dirname(process.execPath), '..');
  const include = join(prefix, 'include', 'node');
  const there = existsSync(include) && readdirSync(include).includes('node_api.h');
  return there ? [`--nodedir=${prefix}`] : [];
}
