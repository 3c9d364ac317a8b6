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
}

/** A run that begins now. */
export function newCourse(seed: number, provenance: Provenance): Course {
  return { provenance, startedAt: new Date().toISOString(), position: beginning(seed), losses: [], epochs: [] };
}

/** A course as lines of metrics: those of its steps, and behind the last of each epoch that of the epoch. */
export function metricsOf(
  run: number,
  { optimizer, seed }: Pick<RunSummary, 'optimizer' | 'seed'>,
  { losses, epochs }: Course,
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
  return lines;
}
