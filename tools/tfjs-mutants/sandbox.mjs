import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const tfjs = 'packages/tfjs';
const src = `${tfjs}/src`;
/** How long one run of tests may take, in milliseconds. Far more than it needs: a mutant that hangs is no proof. */
const PATIENCE = 10 * 60_000;

/** The text of a source file of `@flatmin/tfjs`. */
export const sourceOf = (file) => readFileSync(join(root, src, file), 'utf8');

/** The names of the test files of `@flatmin/tfjs`, without `.test.ts`. */
export const testNames = () =>
  readdirSync(join(root, src))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.test.ts'.length));

/** A copy of the repository of which only `packages/tfjs` is one: all else leads to the original. */
export class Sandbox {
  #folder = mkdtempSync(join(tmpdir(), 'flatmin-mutants-'));

  constructor() {
    mkdirSync(join(this.#folder, 'packages'));
    for (const file of ['package.json', 'tsconfig.base.json', 'vitest.config.ts', tfjs]) this.#copy(file);
    const others = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
    for (const path of ['node_modules', 'tools', ...others].filter((path) => path !== tfjs))
      symlinkSync(join(root, path), join(this.#folder, path));
  }

  /** Runs tests, and tells which of them failed. */
  async run(tests) {
    const report = join(this.#folder, 'report.json');
    rmSync(report, { force: true });
    const files = tests.map((name) => `${src}/${name}.test.ts`);
    const options = ['--bail=1', '--no-cache', '--no-file-parallelism', '--reporter=json', `--outputFile=${report}`];
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', ...options, ...files], {
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: PATIENCE,
    });
    let errors = '';
    child.stderr.on('data', (data) => {
      errors += data;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    return { passed: code === 0, failed: failedIn(report), errors: errors.trim() };
  }

  /** Runs tests while one text of a source file is another. */
  async runWith({ file, from, to, tests }) {
    const path = join(this.#folder, src, file);
    const original = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      original.replace(from, () => to),
    );
    try {
      return await this.run(tests);
    } finally {
      writeFileSync(path, original);
    }
  }

  /** Removes it. */
  remove() {
    rmSync(this.#folder, { recursive: true });
  }

  #copy(path) {
    const isNeeded = (from) => !/\/(dist|node_modules)$/.test(from);
    cpSync(join(root, path), join(this.#folder, path), { recursive: true, filter: isNeeded });
  }
}

/** The titles of the tests that failed; none where nothing ran. A slow machine is no proof either. */
function failedIn(report) {
  if (!existsSync(report)) return [];
  const tests = JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap((file) => file.assertionResults);
  const isProof = ({ status, failureMessages }) =>
    status === 'failed' && !failureMessages.some((message) => message.includes('timed out'));
  return tests.filter(isProof).map(({ fullName }) => fullName);
}
