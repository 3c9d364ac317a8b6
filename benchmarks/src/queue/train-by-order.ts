import { useBackend } from '../backends.ts';
import { bytesAt } from '../checkpoint/place.ts';
import { RunCheckpoint } from '../checkpoint/run-checkpoint.ts';
import { dataDigest, runIdentity } from '../checkpoint/run-identity.ts';
import { loadSelections, type SelectionOf } from '../data/selections.ts';
import { messageOf } from '../errors.ts';
import { provenance } from '../provenance.ts';
import { runOne } from '../run-one.ts';
import type { RunSettings } from '../settings.ts';
import { checkKnown } from './check-known.ts';
import type { Ending, News, Order } from './messages.ts';

/** Whom a training tells how it goes; a promise is waited for. */
export type Tell = (news: News) => Promise<void>;

type TrainOrder = Extract<Order, { kind: 'train' }>;

/** Trains the runs of a worker's orders, one after the other; the data of the last one stay loaded for the next. */
export class OrderedTraining {
  #loaded: { readonly dataset: string; readonly selectionOf: SelectionOf } | undefined;

  /** Trains one run from where it stands. Never throws: what went wrong is how it ends. */
  async train(order: TrainOrder, tell: Tell, signal: AbortSignal): Promise<Ending> {
    const { settings } = order;
    try {
      checkKnown(settings);
    } catch (error) {
      return { kind: 'failed', reason: messageOf(error) };
    }
    const prepared = await this.#prepare(settings, tell, signal).catch(messageOf);
    if (signal.aborted) return { kind: 'stopped' };
    if (typeof prepared === 'string') return { kind: 'unable', reason: prepared };
    return trained(order, prepared, tell, signal).catch((error) => ({ kind: 'failed', reason: messageOf(error) }));
  }

  async #prepare(settings: RunSettings, tell: Tell, signal: AbortSignal): Promise<SelectionOf> {
    await useBackend(settings.backend);
    const { dataset } = settings;
    if (this.#loaded?.dataset !== dataset) {
      this.#loaded = undefined; // before the next: two data sets may not fit in memory
      const context = { signal, say: (line: string) => void tell({ kind: 'say', line }), transferred: () => {} };
      this.#loaded = { dataset, selectionOf: await loadSelections([settings], context) };
    }
    return this.#loaded.selectionOf;
  }
}

async function trained(
  { settings, from, place, checkpointSeconds }: TrainOrder,
  selectionOf: SelectionOf,
  tell: Tell,
  signal: AbortSignal,
): Promise<Ending> {
  const selection = selectionOf(settings);
  const origin = await provenance();
  const checkpoint = await RunCheckpoint.open(
    bytesAt(from, {
      path: place,
      remedy: 'train it by the code and the data that it was begun with, or delete that key',
      write: (bytes) => tell({ kind: 'checkpoint', bytes }),
    }),
    runIdentity(settings, dataDigest(selection), origin),
    checkpointSeconds,
  );
  if (checkpoint.outcome === undefined) {
    await tell({ kind: 'begin', stepsDone: checkpoint.standing?.course.position.step ?? 0 });
  }
  const { summary } = await runOne(settings, {
    selection,
    provenance: origin,
    checkpoint,
    signal,
    listener: {
      onStep: (event) => void tell({ kind: 'step', event }),
      onEpoch: (event) => void tell({ kind: 'epoch', event }),
      onMeasuring: () => void tell({ kind: 'measuring' }),
    },
  });
  const diverged = summary.diverged === true;
  if (summary.stopped && !diverged) return { kind: 'stopped' };
  return { kind: 'over', weightsDigest: summary.weightsDigest, diverged };
}
