import type { MetricsLine, RunSummary } from './results.ts';
import type { Results } from './results-folder.ts';
import { type DescribedSettings, runKey } from './settings.ts';
import { thinned } from './thinned.ts';

/** A run with its metrics. */
interface Kept {
  readonly summary: RunSummary;
  readonly lines: readonly MetricsLine[];
}

/** Runs with their metrics, each of other settings than the others. */
export class Collection {
  readonly #runs = new Map<string, Kept>();

  constructor(results: Results = { runs: [], metrics: [] }) {
    this.addAll(results);
  }

  /** The run that was asked to do this, finished or not. */
  find(settings: DescribedSettings): RunSummary | undefined {
    return this.#runs.get(runKey(settings))?.summary;
  }

  /** Adds a run; it takes the place of one that was asked to do the same. */
  put(summary: RunSummary, lines: readonly MetricsLine[]): void {
    this.#runs.set(runKey(summary), { summary, lines: thinned(lines) });
  }

  /** Adds runs; of two that were asked to do the same, one that was finished stays, or else the one that went on longer. */
  addAll({ runs, metrics }: Results): void {
    for (const [position, summary] of runs.entries()) {
      const known = this.find(summary);
      if (known !== undefined && (isOver(known) || (!isOver(summary) && known.epochs >= summary.epochs))) continue;
      this.put(
        summary,
        metrics.filter(({ run }) => run === position),
      );
    }
  }

  /** Puts the runs of these settings behind the others, in this order. */
  arrange(settings: readonly DescribedSettings[]): void {
    for (const key of settings.map(runKey)) {
      const run = this.#runs.get(key);
      this.#runs.delete(key);
      if (run !== undefined) this.#runs.set(key, run);
    }
  }

  /** All, in the order in which they were first added, or arranged. */
  results(): Results {
    const all = [...this.#runs.values()];
    return {
      runs: all.map(({ summary }) => summary),
      metrics: all.flatMap(({ lines }, run) => lines.map((line) => ({ ...line, run }))),
    };
  }
}

/** Whether there is nothing left to train: it was finished, or diverged. */
export function isOver({ stopped, diverged }: RunSummary): boolean {
  return !stopped || diverged === true;
}
