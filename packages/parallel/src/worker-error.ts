/** What can happen to a worker: it ended, it gave no answer in time, or what it runs threw. */
export type WorkerTrouble = 'ended' | 'silent' | 'threw';

/** A worker could not do what it was asked. Weights and state are as before the step. */
export class WorkerError extends Error {
  /** `WorkerError` */
  override readonly name: string = 'WorkerError';
  /** Which worker, from 0. */
  readonly worker: number;
  /** What happened. */
  readonly kind: WorkerTrouble;

  /** @param worker which, from 0 @param count of how many @param kind what happened @param story the same in words, with the remedy */
  constructor(worker: number, count: number, kind: WorkerTrouble, story: string, options?: ErrorOptions) {
    super(`parallel: worker ${worker} (of ${count}, counted from 0) ${story}`, options);
    this.worker = worker;
    this.kind = kind;
  }
}
