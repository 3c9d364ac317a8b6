import { html } from 'ghtml';
import type { RunSummary } from '../results.ts';
import { seriesLabels } from './columns.ts';
import { list } from './format.ts';

/** What a reader must know before the numbers, and the runs that it holds for. */
const warnings: readonly { readonly text: string; applies(run: RunSummary): boolean }[] = [
  { text: 'Trained on made images, not on real data', applies: (run) => run.dataset.startsWith('made-') },
  { text: 'Stopped before the end', applies: (run) => run.stopped && !run.diverged },
  { text: 'Diverged: the loss was no longer a finite number', applies: (run) => run.diverged === true },
  {
    text: 'Measured on validation images held out of the training set, not on the test set',
    applies: (run) => run.evaluatedOn === 'validation',
  },
  { text: 'Run with changes that are in no commit', applies: (run) => run.commit.endsWith('-dirty') },
];

/** The warnings that hold for some run, each with the runs' names. */
export function notices(runs: readonly RunSummary[]): string {
  const labels = seriesLabels(runs);
  const warned = warnings.map(({ text, applies }) => {
    const names = runs.flatMap((run, position) => (applies(run) ? [`${labels[position]} seed ${run.seed}`] : []));
    if (names.length === 0) return '';
    const which = names.length > 1 && names.length === runs.length ? 'all runs' : list(names);
    return html`<p class="notice"><strong>${text}:</strong> ${which}.</p>`;
  });
  return warned.join('\n');
}
