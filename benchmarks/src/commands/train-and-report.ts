import { useBackend } from '../backends.ts';
import { checkRun } from '../check-run.ts';
import { loadSelections } from '../data/selections.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { createProgress } from '../progress.ts';
import type { RedisAddress } from '../queue/redis-address.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import type { RunQueuedContext } from '../queue/run-queued.ts';
import type { RunSummary } from '../results.ts';
import { chooseResultsFolder } from '../results-folder.ts';
import { runAll } from '../run-all.ts';
import { distinct, type RunSettings } from '../settings.ts';
import { renderTable } from '../table.ts';
import { makeWritableFolder } from '../writable-folder.ts';
import { fetchContext } from './fetch-context.ts';
import type { Io } from './io.ts';
import { CHECKPOINT_SECONDS, partOf, type ResultsOptions } from './results-options.ts';

/** The exit code of a command that the user stopped. */
export const STOPPED = 130;

/** What a command ends with. */
export interface Trained {
  readonly exitCode: number;
  readonly runs: readonly RunSummary[];
}

/** What is to be trained, and what a new folder for it is named after. */
export interface Work {
  readonly title: string;
  /** On the engine that was asked for, by whatever name. */
  readonly settings: readonly RunSettings[];
}

/** Trains runs, writes the results, and prints them as a table. */
export async function trainAndReport(
  { title, settings: asked }: Work,
  options: ResultsOptions,
  { stdout, stderr }: Io,
): Promise<Trained> {
  for (const one of asked) checkRun(one);
  const all = distinct(await onTheirEngines(asked));
  const settings = partOf(all, options.part);
  const { out, force = false, resume = false, queue: address } = options;
  const checkpoint = options.checkpoint ?? (resume ? CHECKPOINT_SECONDS : undefined);
  const isQueued = address !== undefined;
  const folder = chooseResultsFolder({
    out,
    force,
    checkpoint: checkpoint !== undefined,
    resume,
    queue: isQueued,
    title,
  });
  const progress = createProgress(stderr);
  const { signal, release } = listenForInterrupt(() => {
    const what = isQueued ? 'Stopping; what is queued stays so' : 'Stopping after the step in progress';
    progress.say(`${what}; Ctrl-C again ends at once.`);
  });
  let queue: RunQueue | undefined;
  try {
    if (isQueued) queue = await openQueue(address);
    const selectionOf = await loadSelections(settings, fetchContext(stderr, signal));
    await makeWritableFolder(folder, 'give another --out');
    const shared = { selectionOf, folder, progress, signal };
    if (queue !== undefined) return await waitAndReport(settings, { ...shared, queue }, stdout);
    const runs = await runAll(settings, { ...shared, checkpointSeconds: checkpoint });
    const files = filesIn(folder);
    const stopped = stoppedIn(runs, settings.length, signal);
    const goesOn = checkpoint === undefined ? '' : '; the same command again goes on from there';
    const closing = stopped === undefined ? `Results: ${files}` : `${stopped}; kept in ${files}${goesOn}`;
    stdout.write(`${renderTable(runs)}\n\n${closing}\n`);
    return { exitCode: stopped === undefined ? 0 : STOPPED, runs };
  } finally {
    release();
    await queue?.close();
  }
}

/** Waits for the workers of a queue, and prints what they came to as a table. */
async function waitAndReport(
  settings: readonly RunSettings[],
  context: RunQueuedContext,
  stdout: Io['stdout'],
): Promise<Trained> {
  const { runQueued } = await import('../queue/run-queued.ts');
  const { runs, failed } = await runQueued(settings, context);
  const missing = settings.length - runs.length;
  const files = filesIn(context.folder);
  if (runs.length > 0) stdout.write(`${renderTable(runs)}\n\n`);
  if (missing === 0) stdout.write(`Results: ${files}\n`);
  else {
    const kept = runs.length > 0 ? `; results: ${files}` : '';
    const why = failed > 0 ? `, ${failed} of them failed; the same command tries them again` : '';
    const waits = failed < missing ? '; what is queued stays so, and the same command again goes on waiting' : '';
    stdout.write(`Runs missing: ${missing} of ${settings.length}${why}${waits}${kept}\n`);
  }
  return { exitCode: context.signal.aborted ? STOPPED : missing === 0 ? 0 : 1, runs };
}

/** Only who asks for a queue loads what it takes. */
async function openQueue(address: RedisAddress): Promise<RunQueue> {
  const { RunQueue } = await import('../queue/run-queue.ts');
  return RunQueue.open(address);
}

function filesIn(folder: string): string {
  return `${folder} (summary.json, metrics.jsonl, report.html)`;
}

/** Before data are fetched: the machine may lack the engine. */
async function onTheirEngines(settings: readonly RunSettings[]): Promise<RunSettings[]> {
  const resolved = new Map<string, string>();
  for (const { backend } of settings) {
    if (!resolved.has(backend)) resolved.set(backend, await useBackend(backend));
  }
  return settings.map((one) => ({ ...one, backend: resolved.get(one.backend)! }));
}

/** Where the user stopped; undefined where all was done. */
function stoppedIn(runs: readonly RunSummary[], asked: number, signal: AbortSignal): string | undefined {
  const last = runs.findIndex(({ stopped, diverged }) => stopped && !diverged);
  if (last === -1 && !(signal.aborted && runs.length < asked)) return undefined;
  const run = runs.at(last)!;
  const place = last === -1 ? runs.length : last + 1;
  return `Stopped in run ${place} of ${asked}, after ${run.epochs} of ${run.epochsAsked} epochs`;
}
