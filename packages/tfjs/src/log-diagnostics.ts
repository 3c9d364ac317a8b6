import type { SharpnessAwareOptimizer } from './sharpness-aware-optimizer.ts';

/** The logs of a batch or an epoch, as `fit` hands the same record to all callbacks. */
type Logs = Record<string, unknown>;

/** The parts of a callback that matter here. */
interface Listener {
  onEpochBegin(): Promise<void>;
  onBatchEnd(batch: number, logs?: Logs): Promise<void>;
  onEpochEnd(epoch: number, logs?: Logs): Promise<void>;
}

/**
 * Enters what each step saw into the logs of `fit` and `fitDataset`: `perturbedLoss` L(w + ε), `gradientNorm` ‖g‖,
 * `epsilonNorm` ‖ε‖ and `cosine` of the two gradients beside the `loss` that is there; after an epoch their means over
 * its samples, steps that were skipped left out. All callbacks after see them, those of tfjs-vis and TensorBoard and
 * early stopping too, and so does the history.
 *
 * It reads from the device once a batch.
 *
 * @param optimizer made with `diagnostics: true`
 * @param callbacks those that `fit` is to have besides, in either form that it takes: objects of functions, as
 * tfjs-vis makes, or instances of `tf.Callback`
 * @returns all of them, for the option `callbacks` of `fit`
 * @throws RangeError for an optimizer that computes no diagnostics
 * @example
 * ```ts
 * const optimizer = sharpnessAware(tf.train.momentum(0.1, 0.9), sam(), { diagnostics: true });
 * model.compile({ optimizer, loss: 'categoricalCrossentropy' });
 * const callbacks = logDiagnostics(optimizer, tfvis.show.fitCallbacks(surface, ['loss', 'epsilonNorm', 'cosine']));
 * await model.fit(xs, ys, { epochs: 10, callbacks });
 * ```
 */
export function logDiagnostics<C extends object>(
  optimizer: SharpnessAwareOptimizer,
  callbacks: C | readonly C[] = [],
): C[] {
  if (!optimizer.diagnoses) {
    throw new RangeError('logDiagnostics: the optimizer computes no diagnostics; make it with { diagnostics: true }.');
  }
  const given = [callbacks].flat() as C[];
  return [inForm(listener(optimizer), given[0]), ...given];
}

function listener(optimizer: SharpnessAwareOptimizer): Listener {
  let sums: Record<string, number> = {};
  let samples = 0;
  let skipped = optimizer.skipped;
  return {
    onEpochBegin: async () => {
      sums = {};
      samples = 0;
    },
    onBatchEnd: async (_, logs = {}) => {
      const seen = await optimizer.readDiagnostics();
      enter(logs, seen);
      const wasSkipped = optimizer.skipped > skipped;
      skipped = optimizer.skipped;
      if (wasSkipped) return;
      const size = typeof logs['size'] === 'number' ? logs['size'] : 1;
      for (const [name, value] of Object.entries(seen)) sums[name] = (sums[name] ?? 0) + size * value;
      samples += size;
    },
    onEpochEnd: async (_, logs = {}) => {
      enter(logs, Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / samples])));
    },
  };
}

function enter(logs: Logs, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) if (!(name in logs)) logs[name] = value;
}

// `fit` takes objects of functions or instances of its class, no mixture: the first tells which.
function inForm<C extends object>(own: Listener, first: C | undefined): C {
  let prototype: object | null = first ?? null;
  while (prototype !== null && !Object.hasOwn(prototype, 'setParams')) prototype = Object.getPrototypeOf(prototype);
  const type = prototype?.constructor as (new () => object) | undefined;
  return (type === undefined ? own : Object.assign(new type(), own)) as C;
}
