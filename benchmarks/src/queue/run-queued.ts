import { setTimeout } from 'node:timers/promises';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { checkpointPath, openCheckpoints } from '../checkpoint/checkpoint-folder.ts';
import { bytesAt, bytesIn } from '../checkpoint/place.ts';
import { RunCheckpoint } from '../checkpoint/run-checkpoint.ts';
import { dataDigest, runIdentity } from '../checkpoint/run-identity.ts';
import { Collection, isOver } from '../collection.ts';
import { metricsOf } from '../course.ts';
import { messageOf } from '../errors.ts';
import { type Provenance, provenance } from '../provenance.ts';
import type { RunSummary } from '../results.ts';
import { readResults, writeResults } from '../results-folder.ts';
import type { RunAllContext } from '../run-all.ts';
import { described, distinct, type RunSettings, runLabel } from '../settings.ts';
import { newsOf, totalsLine, trainingLine } from './queue-news.ts';
import type { RunQueue, Standing } from './run-queue.ts';

/** What several runs need to be trained by workers. */
export interface RunQueuedContext extends Omit<RunAllContext, 'checkpointSeconds'> {
  readonly queue: RunQueue;
  /** Between two looks at the queue. Default: 1000. */
  readonly milliseconds?: number;
}

/** What came of them. */
export interface Queued {
  /** Those that are over. */
  readonly runs: readonly RunSummary[];
  readonly failed: number;
}

const MILLISECONDS_BETWEEN_LINES = 30_000;

/**
 * Has runs trained by the workers of a queue, and writes the results whenever one ends, as `runAll` does of its own. Those
 * that the folder has as finished are not queued.
 *
 * @throws UsageError for results or checkpoints that the runs cannot go on from; nothing was queued or written then
 */
export async function runQueued(asked: readonly RunSettings[], context: RunQueuedContext): Promise<Queued> {
  const { queue, folder, selectionOf, progress, signal, milliseconds = 1000 } = context;
  const settings = distinct(asked);
  const waited = new Waited(settings, context, await provenance(), new Collection(await readResults(folder)));
  const todo = settings.filter((one) => !waited.isDone(one));
  for (const one of settings) {
    if (!todo.includes(one)) progress.say(`${runLabel(one)}: finished before, as ${folder} has it`);
  }
  const inFolder = { folder, seconds: 0, selectionOf, provenance: waited.origin };
  for (const [one, { outcome }] of await openCheckpoints(todo, inFolder)) {
    if (outcome !== undefined) await waited.collect(one, outcome);
  }
  queue.sayInterruptions(progress.say);
  const stopped = abortOf(signal);
  await Promise.race([waited.queueAll(todo), stopped]);
  while (!signal.aborted && waited.pending > 0) {
    await Promise.race([waited.look(), stopped]); // while Redis is away a look lasts until it is back
    if (waited.pending > 0) await Promise.race([setTimeout(milliseconds), stopped]);
  }
  return { runs: waited.runs(), failed: waited.failed };
}

async function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** The runs that are waited for, and what has come of the others. */
class Waited {
  readonly origin: Provenance;
  failed = 0;
  readonly #asked: readonly RunSettings[];
  readonly #context: RunQueuedContext;
  readonly #collection: Collection;
  readonly #standings = new Map<RunSettings, Standing>();
  #done = 0;
  #toldAt = performance.now();

  constructor(asked: readonly RunSettings[], context: RunQueuedContext, origin: Provenance, collection: Collection) {
    this.#asked = asked;
    this.#context = context;
    this.origin = origin;
    this.#collection = collection;
  }

  get pending(): number {
    return this.#standings.size;
  }

  isDone(settings: RunSettings): boolean {
    const known = this.#collection.find(described(settings));
    return known !== undefined && isOver(known);
  }

  /** Those of all that were asked for that are there. */
  runs(): RunSummary[] {
    return this.#asked.flatMap((one) => this.#collection.find(described(one)) ?? []);
  }

  /** Those that are not done. */
  async queueAll(settings: readonly RunSettings[]): Promise<void> {
    const { queue, folder, progress } = this.#context;
    const todo = settings.filter((one) => !this.isDone(one));
    if (todo.length === 0) return;
    let added = 0;
    for (const one of todo) {
      if (await queue.add(one, await bytesIn(checkpointPath(folder, one)))) added++;
      this.#standings.set(one, { state: 'waiting' });
    }
    const there = todo.length - added;
    progress.say(
      `runs queued at ${queue.shown}: ${added}${there > 0 ? `, and ${there} that were there` : ''}, for workers of ${queue.code}`,
    );
    await this.#tell();
  }

  /** Looks at all that are pending, once. */
  async look(): Promise<void> {
    const { queue, progress, signal } = this.#context;
    for (const [settings, before] of this.#standings) {
      if (signal.aborted) return;
      const now = await queue.standing(settings);
      for (const line of newsOf(settings, before, now)) progress.say(line);
      this.#standings.set(settings, now);
      if (now.state === 'failed') this.#fail(settings, now.reason);
      if (now.state === 'over') await this.#fetch(settings, now.bytes);
    }
    if (performance.now() - this.#toldAt >= MILLISECONDS_BETWEEN_LINES) await this.#tell();
  }

  /** Adds what came out to the results. */
  async collect(settings: RunSettings, { summary, course }: NonNullable<RunCheckpoint['outcome']>): Promise<void> {
    const { folder } = this.#context;
    this.#collection.addAll(await readResults(folder)); // another process may have added runs meanwhile
    if (!this.isDone(settings)) this.#collection.put(summary, metricsOf(0, summary, course));
    this.#collection.arrange(this.#asked.map(described)); // they end in any order
    await writeResults(folder, this.#collection.results());
    this.#done++;
  }

  async #fetch(settings: RunSettings, bytes: Uint8Array): Promise<void> {
    const { folder, queue, selectionOf, progress } = this.#context;
    const path = checkpointPath(folder, settings);
    const label = runLabel(settings);
    try {
      const place = { path: `${queue.shown}`, remedy: 'give another --out', write: async () => {} };
      const identity = runIdentity(settings, dataDigest(selectionOf(settings)), this.origin);
      const { outcome } = await RunCheckpoint.open(bytesAt(bytes, place), identity, 0);
      if (outcome === undefined) throw new Error('the worker ended it before it was over; give the command again');
      await writeAtomically(path, bytes);
      await this.collect(settings, outcome);
      const { diverged, commit } = outcome.summary;
      progress.say(`${label}: ${diverged ? 'diverged; try a smaller learning rate' : 'finished'}, of commit ${commit}`);
    } catch (error) {
      return this.#fail(settings, messageOf(error));
    }
    this.#standings.delete(settings);
    await queue.fetched(settings);
  }

  #fail(settings: RunSettings, reason: string): void {
    this.failed++;
    this.#standings.delete(settings);
    this.#context.progress.say(`${runLabel(settings)}: failed: ${reason}`);
  }

  async #tell(): Promise<void> {
    const { queue, progress } = this.#context;
    const workers = await queue.workers().catch(() => undefined); // some servers keep their clients secret
    for (const [settings, standing] of this.#standings) {
      const line = trainingLine(settings, standing);
      if (line !== undefined) progress.say(line);
    }
    progress.say(totalsLine([...this.#standings.values()], { done: this.#done, failed: this.failed, workers }));
    if (workers === 0) {
      progress.say(`no worker is there; start some: flatmin-bench worker --queue ${queue.shown} (${queue.code})`);
    }
    this.#toldAt = performance.now();
  }
}
