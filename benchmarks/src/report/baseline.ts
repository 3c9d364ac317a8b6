import { group, groups } from 'd3-array';
import type { RunSummary } from '../results.ts';
import { taskLabels } from './columns.ts';

/**
 * The run to compare the others with: one of plain gradient descent, or the first where that was not run. Of several such
 * the one that has most in common with the others.
 */
export function baselineOf<R extends RunSummary>(runs: readonly R[]): R | undefined {
  const alike = group(runs, howTrained);
  const plain = runs.filter(({ optimizer }) => optimizer === 'sgd');
  const common = (run: R): number => alike.get(howTrained(run))!.length;
  return plain.toSorted((one, other) => common(other) - common(one))[0] ?? runs[0];
}

function howTrained(run: RunSummary): string {
  const { backend, batchSize, epochsAsked, learningRate, momentum, schedule, augment } = run;
  return JSON.stringify([backend, batchSize, epochsAsked, learningRate, momentum, schedule, augment]);
}

/** Runs of the same task, with whatever belongs to each. */
export interface Task<T> {
  /** What sets it apart from the other tasks; empty where there is one. */
  readonly label: string;
  readonly members: readonly T[];
}

/** What belongs to runs by what these learned, in the order of the runs. */
export function tasksOf<T>(all: readonly T[], runOf: (one: T) => RunSummary): Task<T>[] {
  const labels = taskLabels(all.map(runOf));
  const labelled = all.map((one, position) => ({ one, label: labels[position]! }));
  return groups(labelled, ({ label }) => label).map(([label, members]) => ({
    label,
    members: members.map(({ one }) => one),
  }));
}
