/**
 * The worker's side: a module that calls {@link serve} is what `dataParallel` and `openPool` start.
 *
 * @packageDocumentation
 */
import type { Order, Report } from './protocol.ts';
import { answer, type Driver, type Place, type Replica } from './serve.ts';

export type { Floats } from './layout.ts';
export type { Task } from './protocol.ts';
export type { EvaluatedPart, Evaluating, Place, Replica } from './serve.ts';

/**
 * Makes this worker one of a pool: it builds its replica when the driver says who it is, and answers evaluations from then
 * on. To be called once, while the module runs.
 *
 * @typeParam P what a part of a batch is
 * @param open builds the replica
 * @throws Error outside a worker
 * @example
 * ```ts
 * serve<{ xs: Float32Array; ys: Float32Array }>(({ index, count, data }) => ({
 *   weights: { slope: Float32Array.of(0) },
 *   evaluate({ slope: [a] }, { part: { xs, ys } }) {
 *     const residuals = xs.map((x, i) => a * x - ys[i]);
 *     const mean = (f) => xs.reduce((sum, _, i) => sum + f(i), 0) / xs.length;
 *     return {
 *       loss: mean((i) => residuals[i] ** 2 / 2),
 *       gradient: { slope: Float32Array.of(mean((i) => residuals[i] * xs[i])) },
 *       samples: xs.length,
 *     };
 *   },
 * }));
 * ```
 */
export function serve<P>(open: (place: Place) => Replica<P> | Promise<Replica<P>>): void {
  answer(driver(), open);
}

/** What a Web Worker has in the place of a port. */
interface Scope {
  postMessage(message: Report, transfer: ArrayBuffer[]): void;
  addEventListener(event: 'message', listener: (event: { readonly data: Order }) => void): void;
}

function driver(): Driver {
  const port = globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort;
  if (port) {
    return {
      send: (report, transfer) => port.postMessage(report, transfer),
      listen: (listener) => port.on('message', listener),
    };
  }
  if (!('WorkerGlobalScope' in globalThis)) {
    throw new Error('serve: this is no worker; call it in the module that dataParallel is given as worker.');
  }
  const scope = globalThis as unknown as Scope;
  return {
    send: (report, transfer) => scope.postMessage(report, transfer),
    listen: (listener) => scope.addEventListener('message', ({ data }) => listener(data)),
  };
}
