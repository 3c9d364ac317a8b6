import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import type { Ending, News, Order, Report } from './messages.ts';

const PROGRAM = new URL(`training-process${extname(import.meta.url)}`, import.meta.url);

/** The process that trains ended by itself: it crashed, or the system killed it, for memory most likely. */
export class TrainingDiedError extends Error {
  override readonly name = 'TrainingDiedError';
}

/** Trains runs, one after the other, in a process of its own, which is started when it is needed. */
export class Trainer {
  #child: ChildProcess | undefined;

  /**
   * Trains one run, until the signal stops it after the step in progress.
   *
   * @throws TrainingDiedError; the next one gets a new process
   */
  async train(
    order: Omit<Extract<Order, { kind: 'train' }>, 'kind'>,
    hear: (news: News) => void,
    signal: AbortSignal,
  ): Promise<Ending> {
    if (signal.aborted) return { kind: 'stopped' };
    const child = this.#started();
    const stop = (): void => {
      if (child.connected) child.send({ kind: 'stop' } satisfies Order);
    };
    signal.addEventListener('abort', stop);
    try {
      return await new Promise<Ending>((resolve, reject) => {
        child.on('message', (report: Report) => {
          if (report.kind === 'end') resolve(report.ending);
          else hear(report);
        });
        child.once('close', (code, signal) => {
          reject(new TrainingDiedError(`the process that trains ended by ${signal ?? `exit code ${code}`}`));
        });
        child.send({ kind: 'train', ...order } satisfies Order);
      });
    } finally {
      signal.removeEventListener('abort', stop);
      child.removeAllListeners('message').removeAllListeners('close');
    }
  }

  /** Ends the process, whatever it does. */
  close(): void {
    this.#child?.kill('SIGKILL'); // it keeps nothing of its own
    this.#child = undefined;
  }

  #started(): ChildProcess {
    if (this.#child !== undefined) return this.#child;
    const child = fork(PROGRAM, {
      execArgv: [], // those of this process may name another program
      serialization: 'advanced', // keeps bytes what they are
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    child.on('error', () => {}); // that it cannot be written to is told by its end
    this.#child = child;
    return child;
  }
}
