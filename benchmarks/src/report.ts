import { html } from 'ghtml';
import { resultsTable, seriesLabels, sharedSettings } from './report/columns.ts';
import { exactValues } from './report/exact-values.ts';
import { figures } from './report/figures.ts';
import { list } from './report/format.ts';
import { notices } from './report/notices.ts';
import { page } from './report/page.ts';
import { seedsTable } from './report/seeds.ts';
import { tableHtml } from './report/tables.ts';
import type { MetricsLine, RunSummary, Summary } from './results.ts';

/**
 * One self-contained HTML page of a benchmark: what ran, the results, the curves, and what it takes to run it again.
 * It loads nothing and needs no script. Metrics of a run that the summary does not hold are left out.
 *
 * @example
 * await writeFile('report.html', await renderReport(summary, metrics));
 */
export async function renderReport({ runs }: Summary, metrics: readonly MetricsLine[]): Promise<string> {
  if (runs.length === 0) return page('No runs', html`<p>The summary holds no runs.</p>`);
  const known = metrics.filter(({ run }) => run in runs);
  return page(
    `${distinct(runs.map(({ model }) => model))} on ${distinct(runs.map(({ dataset }) => dataset))}`,
    html`<p class="lead">!${whatRan(runs)}</p>
!${notices(runs)}
<h2>Results</h2>
!${results(runs)}
!${await figures(runs, known)}
<h2>How it was made</h2>
<p class="small">All that <code>summary.json</code> holds, unrounded.</p>
!${exactValues(runs)}`,
  );
}

function whatRan(runs: readonly RunSummary[]): string {
  const number = runs.length === 1 ? 'One run' : `${runs.length} runs`;
  return html`${number} of ${distinct(seriesLabels(runs))}.<br>${sharedSettings(runs).join(' · ')}`;
}

function results(runs: readonly RunSummary[]): string {
  const means = seedsTable(runs);
  return html`!${means === null ? '' : tableHtml(means, 'Means over seeds')}
!${tableHtml(resultsTable(runs), 'Results of each run')}
<p class="small">Accuracy is measured on all images of the set after the last epoch. Training loss is the mean of the
last finished epoch, of each batch at the weights of its step's first gradient (of random and Momentum-SAM these are
perturbed). Sharpness is L(w + ρĝ) − L(w) at ρ = 0.05 over 2,000 fixed training images (all, where fewer are
used). Gradients counts those computed of one batch, one of a part of it by its share.!${means === null ? '' : ' Means are of finished runs, ± one standard error; differences are paired by seed, in points, ± half the 95 % interval of Student’s t; gradients and seconds are of a whole run.'}</p>`;
}

function distinct(words: readonly string[]): string {
  return list([...new Set(words)]);
}
