import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunSettings } from '../settings.ts';

const benchmarks = join(import.meta.dirname, '../..');

// Runs on the built benchmark. Tells each step with its loss before the next one begins.
const program = `
import { writeSync } from 'node:fs';
import { loadSelections } from './dist/data/selections.js';
import { runAll } from './dist/run-all.js';
const { settings, folder, checkpointSeconds } = JSON.parse(process.argv[1]);
const nothing = () => {};
await runAll([settings], {
  selectionOf: await loadSelections([settings]),
  folder,
  checkpointSeconds,
  progress: {
    begin: nothing,
    step: ({ step, loss }) => writeSync(1, step + ' ' + loss + '\\n'),
    epoch: nothing,
    say: nothing,
    end: nothing,
  },
  signal: new AbortController().signal,
});`;

/** One training run in a process of its own. */
export class TrainingProgram {
  readonly child: ChildProcess;
  /** Its steps so far, each with its loss: `12 0.693`. */
  readonly told: string[] = [];
  readonly #ended: Promise<unknown>;
  #hasEnded = false;

  /** Begins or, where `folder` has a checkpoint, goes on; without `checkpointSeconds` none is written. */
  constructor(settings: RunSettings, folder: string, checkpointSeconds?: number) {
    const input = JSON.stringify({ settings, folder, checkpointSeconds });
    this.child = spawn(process.execPath, ['--input-type=module', '--eval', program, input], {
      cwd: benchmarks,
      // No checkout to be found: commits made meanwhile do not matter here.
      env: { ...process.env, GIT_DIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface(this.child.stdout!).on('line', (line) => this.told.push(line));
    this.#ended = once(this.child, 'close').then(() => {
      this.#hasEnded = true;
    });
  }

  /** Once it has told so many steps, or has ended. */
  async steps(count: number): Promise<void> {
    while (this.told.length < count && !this.#hasEnded) {
      await Promise.race([once(this.child.stdout!, 'data'), this.#ended]);
    }
  }

  /** Once it has ended; how. */
  async end(): Promise<number | NodeJS.Signals | null> {
    await this.#ended;
    return this.child.exitCode ?? this.child.signalCode;
  }
}
