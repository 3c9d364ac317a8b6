import { openCheckpoints } from './checkpoint/checkpoint-folder.ts';
import type { RunCheckpoint } from './checkpoint/run-checkpoint.ts';
import { metricsOf } from './course.ts';
import type { Selection } from './data/select.ts';
import type { Progress } from './progress.ts';
import { provenance } from './provenance.ts';
import type { MetricsLine, RunSummary } from './results.ts';
import { writeResults } from './results-folder.ts';
import { runOne } from './run-one.ts';
import { type RunSettings, runLabel, stepsPerEpoch } from './settings.ts';

/** What several runs need besides their settings. */
export interface RunAllContext {
  readonly selection: Selection;
  /** Where the results are written. */
  readonly folder: string;
  /** Keeps each run in the folder, every so many seconds, and goes on from what is there. */
  readonly checkpointSeconds?: number | undefined;
  readonly progress: Progress;
  /** Stops after the step in progress; what there is is written. */
  readonly signal: AbortSignal;
}

/**
 * Trains one run after the other, and writes the results whenever one ends. Returns those that began.
 *
 * @throws UsageError for checkpoints that the runs cannot go on from; nothing was trained or written then
 */
export async function runAll(settings: readonly RunSettings[], context: RunAllContext): Promise<readonly RunSummary[]> {
  const { selection, folder, checkpointSeconds: seconds, progress, signal } = context;
  const origin = await provenance();
  const checkpoints =
    seconds === undefined ? [] : await openCheckpoints(settings, { folder, seconds, selection, provenance: origin });
  const runs: RunSummary[] = [];
  const metrics: MetricsLine[] = [];
  for (const [position, one] of settings.entries()) {
    if (position > 0 && signal.aborted) break;
    const checkpoint = checkpoints[position];
    const label = runLabel(one);
    announce(one, checkpoint, progress);
    const listener = {
      onStep: progress.step,
      onEpoch: progress.epoch,
      onMeasuring: () => progress.say(`${label}: measuring accuracy on all held-out images, and sharpness`),
    };
    const run = runOne(one, { selection, provenance: origin, listener, checkpoint, signal });
    const { summary, course } = await run.finally(progress.end);
    if (summary.diverged) progress.say(`${label}: the loss is no longer a finite number; try a smaller learning rate`);
    runs.push(summary);
    metrics.push(...metricsOf(position, summary, course));
    await writeResults(folder, runs, metrics);
  }
  return runs;
}

function announce(settings: RunSettings, checkpoint: RunCheckpoint | undefined, progress: Progress): void {
  const label = runLabel(settings);
  if (checkpoint?.outcome === undefined) {
    const stepsDone = checkpoint?.standing?.course.position.step ?? 0;
    progress.begin({ label, epochs: settings.epochsAsked, stepsPerEpoch: stepsPerEpoch(settings), stepsDone });
  } else progress.say(`${label}: finished before, as ${checkpoint.path} has it`);
}
