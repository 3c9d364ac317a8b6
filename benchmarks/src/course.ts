import type { Provenance } from './provenance.ts';
import type { MetricsLine, RunSummary } from './results.ts';
import { beginning, type EpochEvent, type Position } from './train.ts';

/** What a run has come to so far; it grows while the run goes on. */
export interface Course {
  /** Of the program that began it. */
  readonly provenance: Provenance;
  readonly startedAt: string;
  position: Position;
  /** Of each step's batch. */
  readonly losses: number[];
  readonly epochs: EpochEvent[];
  /** Which images were right at the end, once they were judged; see `packAnswers`. */
  answers?: string;
}

/** A run that begins now. */
export function newCourse(seed: number, provenance: Provenance): Course {
  return { provenance, startedAt: new Date().toISOString(), position: beginning(seed), losses: [], epochs: [] };
}

/**
 * A course as lines of metrics: those of its steps, behind the last of each epoch that of the epoch, and at the end the
 * answers.
 */
export function metricsOf(
  run: number,
  { optimizer, seed }: Pick<RunSummary, 'optimizer' | 'seed'>,
  { losses, epochs, answers }: Course,
): MetricsLine[] {
  const of = { run, optimizer, seed };
  const lines: MetricsLine[] = [];
  let done = 0; // epochs
  for (const [index, loss] of losses.entries()) {
    const step = index + 1;
    lines.push({ kind: 'step', ...of, epoch: done + 1, step, loss });
    const epoch = epochs[done];
    if (epoch?.step !== step) continue;
    lines.push({ kind: 'epoch', ...of, ...epoch });
    done++;
  }
  if (answers !== undefined) lines.push({ kind: 'answers', ...of, right: answers });
  return lines;
}
