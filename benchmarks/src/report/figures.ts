import { html } from 'ghtml';
import type { MetricsLine, RunSummary } from '../results.ts';
import { baselineOf, tasksOf } from './baseline.ts';
import { accuracyTitle, seriesLabels } from './columns.ts';
import { accuracyCurves, lossCurves } from './curves.ts';
import { figure } from './figure.ts';
import { capitalised } from './format.ts';
import { hasSeveralRuns, smoothingWindow } from './measurements.ts';
import { accuracyPanels, lossPanels } from './panels.ts';
import { pareto } from './pareto.ts';
import { ranking } from './ranking.ts';
import { seriesOf as finishedSeries } from './seeds.ts';

/** So many lines can be told apart in one figure; more series get a panel each. */
const FEW = 6;

/** What a recorded step is. */
const AT =
  'in long runs each the mean of several, of the batch at the weights of the step’s first gradient (of random and Momentum-SAM these are perturbed)';

/** All figures of a report, each under its heading; those of each task by themselves. */
export async function figures(runs: readonly RunSummary[], metrics: readonly MetricsLine[]): Promise<string> {
  const tasks = tasksOf([...runs.entries()], ([, run]) => run);
  const sections = tasks.map(async ({ label, members }) => {
    const places = new Map(members.map(([position], place) => [position, place]));
    const own = metrics.flatMap((line) => (places.has(line.run) ? [{ ...line, run: places.get(line.run)! }] : []));
    const title = label === '' ? '' : html`<h2>${capitalised(label)}</h2>`;
    return (
      title +
      (await figuresOf(
        members.map(([, run]) => run),
        own,
      ))
    );
  });
  return (await Promise.all(sections)).join('\n');
}

/** Those of runs that can be compared. */
async function figuresOf(runs: readonly RunSummary[], metrics: readonly MetricsLine[]): Promise<string> {
  const sections = [
    rankingSection(runs),
    paretoSection(runs),
    accuracySection(runs, metrics),
    lossSection(runs, metrics),
  ];
  return (await Promise.all(sections)).join('\n');
}

/** The series of the runs, and the one to compare with. */
function seriesOf(runs: readonly RunSummary[]) {
  const labels = seriesLabels(runs);
  return { labels, baseline: labels[runs.indexOf(baselineOf(runs)!)]!, many: new Set(labels).size > FEW };
}

async function rankingSection(runs: readonly RunSummary[]): Promise<string> {
  const { many, ...series } = seriesOf(runs);
  if (!many || runs.every(({ testAccuracy }) => testAccuracy === null)) return '';
  const accuracy = capitalised(accuracyTitle(runs));
  const caption = `On all images of the set after the last epoch; one dot a run; an arrow at the left is far below, at the accuracies beside it. Right: the gradients computed, in those of ${series.baseline}, whose accuracy is the dashed line.`;
  return html`<h2>${accuracy} and cost</h2>
!${await figure(`${accuracy} and cost`, caption, (width) => ranking(runs, `${accuracy} (%)`, { ...series, width }))}`;
}

async function paretoSection(runs: readonly RunSummary[]): Promise<string> {
  const accuracy = accuracyTitle(runs);
  if (finishedSeries(runs).filter((series) => series.runs.some((run) => run.testAccuracy !== null)).length < 2)
    return '';
  const title = `${capitalised(accuracy)} against cost`;
  const caption = `One dot an optimizer: the mean of its finished runs, and the standard error where there are several. The dashed line joins those than which none is as accurate for as few gradients; an arrow at the foot is far below, at the accuracy beside it.`;
  return html`<h2>${title}</h2>
!${await figure(title, caption, (width) => pareto(runs, `${capitalised(accuracy)} (%)`, { labels: [], width }))}`;
}

async function accuracySection(runs: readonly RunSummary[], metrics: readonly MetricsLine[]): Promise<string> {
  if (!metrics.some(({ kind }) => kind === 'epoch')) return html`<p>No epoch was recorded.</p>`;
  const { many, ...series } = seriesOf(runs);
  const title = capitalised(accuracyTitle(runs));
  const caption = `On the first 2,000 images of the set (all, where it holds fewer) after each epoch; the mean of the runs, and one deviation around it where there are several${many ? `, grey: ${series.baseline}. What is far below the rest is cut off` : ''}.`;
  const draw = many ? accuracyPanels : accuracyCurves;
  return html`<h2>${title}</h2>
!${await figure(title, caption, (width) => draw(metrics, `${title} (%)`, { ...series, width }))}`;
}

async function lossSection(runs: readonly RunSummary[], metrics: readonly MetricsLine[]): Promise<string> {
  if (!metrics.some(({ kind }) => kind === 'step')) return html`<p>No step was recorded.</p>`;
  const { many, ...series } = seriesOf(runs);
  const window = smoothingWindow(metrics);
  const several = hasSeveralRuns(series.labels);
  const caption = many
    ? `The centred mean of ${window} recorded steps, ${AT}; grey: ${series.baseline}.`
    : several
      ? `The mean of the runs, each the centred mean of ${window} recorded steps, and one deviation around it where there are several; ${AT}.`
      : `Light: recorded steps, ${AT}. Strong: the centred mean of ${window} of them.`;
  const draw = many ? lossPanels : lossCurves;
  return html`<h2>Training loss</h2>
!${await figure('Training loss', caption, (width) => draw(metrics, 'Cross-entropy (nats)', { ...series, width }))}`;
}
