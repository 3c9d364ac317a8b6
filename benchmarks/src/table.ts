import { sum } from 'd3-array';
import { resultsTable, sharedSettings } from './report/columns.ts';
import { count } from './report/format.ts';
import { plainTable, plainText } from './report/plain-table.ts';
import { MEANS_LEGEND, seedsTable } from './report/seeds.ts';
import type { RunSummary } from './results.ts';
import { stepsPerEpoch } from './steps.ts';

/**
 * What runs took in all: steps, gradients, hours; the hours are of the machines that trained them.
 *
 * @param asked how many there should be; where there are fewer, it is told
 */
export function renderTotals(runs: readonly RunSummary[], asked: number = runs.length): string {
  const steps = sum(runs, (run) => run.epochs * stepsPerEpoch(run));
  const gradients = sum(runs, (run) => run.gradientEvaluations);
  const hours = sum(runs, (run) => run.epochs * (run.secondsPerEpoch ?? 0)) / 3600;
  const number = asked === 1 ? '1 run' : `${runs.length < asked ? `${runs.length} of ` : ''}${asked} runs`;
  return `${number}: ${count(steps)} steps, ${count(Math.round(gradients))} gradients, ${hours.toFixed(1)} hours of training.`;
}

/** The settings that all runs share, in a line. */
export function renderShared(runs: readonly RunSummary[]): string {
  return plainText(sharedSettings(runs).join(' · '));
}

/** The means over seeds as plain text, and what all runs share; a row for every run where there is one seed each. */
export function renderMeans(runs: readonly RunSummary[]): string {
  const means = seedsTable(runs);
  const tables = means === null ? [plainTable(resultsTable(runs))] : [plainTable(means), MEANS_LEGEND];
  return [renderShared(runs), ...tables].join('\n\n');
}

/**
 * The results as plain text: what all runs share in a line, a row for every run, and the means over seeds where an
 * optimizer ran with several.
 *
 * @example
 * console.log(renderTable(summary.runs));
 */
export function renderTable(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'No runs.';
  const means = seedsTable(runs);
  const tables = [resultsTable(runs), ...(means === null ? [] : [means])];
  return [renderShared(runs), ...tables.map(plainTable), ...(means === null ? [] : [MEANS_LEGEND])].join('\n\n');
}
