import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

const cli = pathToFileURL(join(import.meta.dirname, '../../dist/cli.js'));
const program = `import { main } from '${cli}'; process.exitCode = await main(process.argv.slice(1));`;

/** The built command line in a process of its own, which is gone with the test. */
export class BenchProgram {
  readonly child: ChildProcess;
  out = '';
  err = '';
  readonly #ended: Promise<unknown>;

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, ['--input-type=module', '--eval', program, '--', ...args], {
      // No checkout to be found: commits made meanwhile do not matter here.
      env: { ...process.env, GIT_DIR: 'none' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.on('data', (piece) => {
      this.out += piece;
    });
    this.child.stderr!.on('data', (piece) => {
      this.err += piece;
    });
    this.#ended = once(this.child, 'close');
    onTestFinished(async () => {
      this.child.kill('SIGKILL');
      await this.#ended;
    });
  }

  /** Once it has said that; what matches. */
  async said(what: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = what.exec(this.err);
      if (match !== null) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`it ended without: ${this.err}`);
      await setTimeout(10);
    }
  }

  /** Once it has ended; how. */
  async end(): Promise<number | NodeJS.Signals | null> {
    await this.#ended;
    return this.child.exitCode ?? this.child.signalCode;
  }
}
