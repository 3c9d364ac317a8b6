import type { Order, Report } from './protocol.ts';

/** A worker of Node.js, as far as it matters here. */
export interface NodeWorker {
  /** Listens. */
  on(event: string, listener: (value: unknown) => void): unknown;
  /** Sends. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Ends it. */
  terminate(): Promise<unknown>;
  /** Keeps the program alive. */
  ref(): void;
  /** Does not. */
  unref(): void;
}

/** A Web Worker, as far as it matters here. */
export interface WebWorker {
  /** Listens. */
  addEventListener(event: string, listener: (event: unknown) => void): void;
  /** Sends. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Ends it. */
  terminate(): void;
}

/**
 * The module that workers run: where it is, or a function that starts one. A bundler for browsers recognises a worker
 * by `() => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })` alone.
 */
export type WorkerModule = URL | string | ((index: number) => NodeWorker | WebWorker);

/** What becomes known of a thread. */
export interface Events {
  /** It says something. */
  report(report: Report): void;
  /** It is no more, or no use any more; `how` completes "worker 1 …". */
  died(how: string): void;
}

/** A worker of either kind. */
export interface Thread {
  /** Sends an order; what is in `transfer` is then the worker's. */
  send(order: Order, transfer: ArrayBuffer[]): void;
  /** Whether the program is to stay alive for it. */
  hold(busy: boolean): void;
  /** Ends it; nothing more becomes known of it. */
  end(): Promise<void>;
}

/** Starts a worker. */
export function startThread(module: WorkerModule, index: number, events: Events): Thread {
  const worker = typeof module === 'function' ? module(index) : newWorker(module);
  let ended = false;
  const report = (value: unknown): void => {
    if (!ended && isReport(value)) events.report(value);
  };
  const died = (how: string): void => {
    if (!ended) events.died(how);
  };
  if ('on' in worker) {
    worker.on('message', report);
    worker.on('messageerror', (error) => died(`sent what cannot be read (${messageOf(error)})`));
    worker.on('error', (error) => died(`ended with an error (${messageOf(error)})`));
    worker.on('exit', (code) => died(`ended with exit code ${code}`));
  } else {
    worker.addEventListener('message', (event) => report((event as { readonly data: unknown }).data));
    worker.addEventListener('messageerror', () => died('sent what cannot be read'));
    worker.addEventListener('error', (event) => {
      // It is told here, and would be told again as an error of the page.
      (event as { preventDefault?(): void }).preventDefault?.();
      died(`had an error (${messageOf(event)})`);
    });
  }
  return {
    send: (order, transfer) => worker.postMessage(order, transfer),
    hold: (busy) => {
      if (!('ref' in worker)) return;
      if (busy) worker.ref();
      else worker.unref();
    },
    async end() {
      ended = true;
      await worker.terminate();
    },
  };
}

/** A worker of the kind that there is here. Node's module is asked for in a way that bundlers for browsers pass over. */
function newWorker(module: URL | string): NodeWorker | WebWorker {
  const { Worker: Web } = globalThis as { readonly Worker?: new (url: URL | string, options: object) => WebWorker };
  if (Web !== undefined) return new Web(module, { type: 'module' });
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  return new Worker(module) as NodeWorker;
}

const kinds: readonly unknown[] = ['serving', 'ready', 'answer', 'failed'] satisfies Report['kind'][];

// The user's module may have messages of its own.
const isReport = (value: unknown): value is Report =>
  typeof value === 'object' && value !== null && kinds.includes((value as Partial<Report>).kind);

// Of an error, or of the event that tells of one: it has no message where the module could not be loaded.
function messageOf(value: unknown): string {
  const { message } = (value ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : String(value);
}
