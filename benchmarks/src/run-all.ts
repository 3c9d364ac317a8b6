import { openCheckpoints } from './checkpoint/checkpoint-folder.ts';
import type { RunCheckpoint } from './checkpoint/run-checkpoint.ts';
import { Collection, isOver } from './collection.ts';
import { metricsOf } from './course.ts';
import type { SelectionOf } from './data/selections.ts';
import type { Progress } from './progress.ts';
import { provenance } from './provenance.ts';
import type { RunSummary } from './results.ts';
import { readResults, writeResults } from './results-folder.ts';
import { runOne } from './run-one.ts';
import { described, distinct, type RunSettings, runLabel } from './settings.ts';
import { stepsPerEpoch } from './steps.ts';

/** What several runs need besides their settings. */
export interface RunAllContext {
  readonly selectionOf: SelectionOf;
  /** Where the results are written. */
  readonly folder: string;
  /**
   * Keeps each run in the folder, every so many seconds, goes on from what is there, and adds to its results; absent:
   * they are replaced.
   */
  readonly checkpointSeconds?: number | undefined;
  readonly progress: Progress;
  /** Stops after the step in progress; what there is is written. */
  readonly signal: AbortSignal;
}

/**
 * Trains one run after the other, and writes the results whenever one ends. Those that the folder has as finished are
 * not trained again, whatever commit they are of. Returns all that were asked for and have begun.
 *
 * @throws UsageError for results or checkpoints that the runs cannot go on from; nothing was trained or written then
 */
export async function runAll(asked: readonly RunSettings[], context: RunAllContext): Promise<readonly RunSummary[]> {
  const { selectionOf, folder, checkpointSeconds: seconds, progress, signal } = context;
  const origin = await provenance();
  const collection = new Collection(seconds === undefined ? undefined : await readResults(folder));
  const settings = distinct(asked);
  const todo = settings.filter((one) => !isDone(collection.find(described(one))));
  const checkpoints =
    seconds === undefined
      ? new Map<RunSettings, RunCheckpoint>()
      : await openCheckpoints(todo, { folder, seconds, selectionOf, provenance: origin });
  let begun = 0;
  for (const one of settings) {
    if (begun > 0 && signal.aborted) break;
    const known = collection.find(described(one));
    if (isDone(known)) {
      progress.say(`${runLabel(one)}: finished before, as ${folder} has it, of commit ${known.commit}`);
      continue;
    }
    begun++;
    const checkpoint = checkpoints.get(one);
    announce(one, checkpoint, progress);
    const label = runLabel(one);
    const listener = {
      onStep: progress.step,
      onEpoch: progress.epoch,
      onMeasuring: () => progress.say(`${label}: measuring accuracy on all held-out images, and sharpness`),
    };
    const run = runOne(one, { selection: selectionOf(one), provenance: origin, listener, checkpoint, signal });
    const { summary, course } = await run.finally(progress.end);
    if (summary.diverged) progress.say(`${label}: the loss is no longer a finite number; try a smaller learning rate`);
    // Another process may have added runs meanwhile. Of this one it is what its checkpoint has that counts.
    if (seconds !== undefined) collection.addAll(await readResults(folder));
    if (isOver(summary) || !isDone(collection.find(summary))) collection.put(summary, metricsOf(0, summary, course));
    await writeResults(folder, collection.results());
  }
  return settings.map((one) => collection.find(described(one))).filter((summary) => summary !== undefined);
}

function isDone(known: RunSummary | undefined): known is RunSummary {
  return known !== undefined && isOver(known);
}

function announce(settings: RunSettings, checkpoint: RunCheckpoint | undefined, progress: Progress): void {
  const label = runLabel(settings);
  if (checkpoint?.outcome === undefined) {
    const stepsDone = checkpoint?.standing?.course.position.step ?? 0;
    progress.begin({ label, epochs: settings.epochsAsked, stepsPerEpoch: stepsPerEpoch(settings), stepsDone });
  } else progress.say(`${label}: finished before, as ${checkpoint.path} has it`);
}
