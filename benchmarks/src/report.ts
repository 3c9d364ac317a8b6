import { html } from 'ghtml';
import { accuracyTitle, resultsTable, seriesLabels, sharedSettings } from './report/columns.ts';
import { accuracyCurves, lossCurves, smoothingWindow } from './report/curves.ts';
import { exactValues } from './report/exact-values.ts';
import { figure } from './report/figure.ts';
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
!${await accuracySection(runs, known)}
!${await lossSection(runs, known)}
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
  return html`!${tableHtml(resultsTable(runs), 'Results of each run')}
!${means === null ? '' : tableHtml(means, 'Means over seeds')}
<p class="small">Accuracy is measured on all images of the set after the last epoch. Training loss is the mean of the
last finished epoch. Sharpness is L(w + ρĝ) − L(w) at ρ = 0.05 over 2,000 fixed training images (all, where fewer are
used). Gradients counts those computed of one batch.!${means === null ? '' : ' Means are of finished runs, ± one sample standard deviation.'}</p>`;
}

async function accuracySection(runs: readonly RunSummary[], metrics: readonly MetricsLine[]): Promise<string> {
  if (!metrics.some(({ kind }) => kind === 'epoch')) return html`<p>No epoch was recorded.</p>`;
  const title = capitalised(accuracyTitle(runs));
  const labels = seriesLabels(runs);
  const caption = 'On the first 2,000 images of the set (all, where it holds fewer) after each epoch; one line a run.';
  return html`<h2>${title}</h2>
!${await figure(title, caption, (width) => accuracyCurves(metrics, `${title} (%)`, { labels, width }))}`;
}

async function lossSection(runs: readonly RunSummary[], metrics: readonly MetricsLine[]): Promise<string> {
  if (!metrics.some(({ kind }) => kind === 'step')) return html`<p>No step was recorded.</p>`;
  const labels = seriesLabels(runs);
  const window = smoothingWindow(metrics);
  const caption = `Light: single batches, at the weights before the step. Strong: the centred mean of ${window} recorded steps.`;
  return html`<h2>Training loss</h2>
!${await figure('Training loss', caption, (width) => lossCurves(metrics, 'Cross-entropy (nats)', { labels, width }))}`;
}

function distinct(words: readonly string[]): string {
  return list([...new Set(words)]);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
