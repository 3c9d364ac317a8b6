import type { KeptRuns } from './kept-runs.ts';

/** A job as long as a worker has it: what is kept of it, newest last, and whether it is still this worker's. */
export class HeldJob {
  readonly id: string;
  readonly #token: string;
  readonly #kept: Pick<KeptRuns, 'put'>;
  readonly #losing = new AbortController();
  #next: Uint8Array | undefined;
  #writing: Promise<void> | undefined;
  #failure: unknown;

  constructor(id: string, token: string, kept: Pick<KeptRuns, 'put'>) {
    this.id = id;
    this.#token = token;
    this.#kept = kept;
  }

  /** Aborted once the job is found to be another worker's. */
  get lost(): AbortSignal {
    return this.#losing.signal;
  }

  /** Gives the job up. */
  lose(): void {
    this.#losing.abort();
  }

  /** Keeps a checkpoint, in its time: of several that wait for Redis only the last is written. */
  keep(bytes: Uint8Array): void {
    this.#next = bytes;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /**
   * Once the last checkpoint is kept.
   *
   * @returns whether it is, and the job still this worker's
   * @throws what Redis said to the last
   */
  async settled(): Promise<boolean> {
    await this.#writing;
    if (this.#failure !== undefined && !this.lost.aborted) throw this.#failure;
    return !this.lost.aborted;
  }

  async #write(): Promise<void> {
    while (this.#next !== undefined && !this.lost.aborted) {
      const bytes = this.#next;
      this.#next = undefined;
      try {
        this.#failure = undefined;
        if (!(await this.#kept.put(this.id, this.#token, bytes))) this.lose();
      } catch (error) {
        this.#failure = error; // as that its memory is full; the next one may get through
      }
    }
  }
}
