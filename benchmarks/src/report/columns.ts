import type { RunSummary } from '../results.ts';
import { count, decimals, missing, oneLine, percent } from './format.ts';

/** A table as text: what the terminal and the page both draw. */
export interface Table {
  readonly columns: readonly { readonly title: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

/** A column of a table: what is told of a run. */
export interface Column {
  readonly title: string;
  readonly numeric: boolean;
  text(run: RunSummary): string;
}

/** Something chosen before a run. `phrase` says it without a heading, as in `batch 64`; empty where it goes without saying. */
interface Setting extends Column {
  /** Whether it is a part of what is to be learned, and not of how: runs that differ in it cannot be compared. */
  readonly task: boolean;
  phrase(run: RunSummary): string;
}

const settings: readonly Setting[] = [
  setting('dataset', (run) => run.dataset, { task: true, phrase: (text) => text }),
  setting('model', (run) => run.model, {
    task: true,
    phrase: (text, run) => `${text} (${count(run.parameters)} parameters)`,
  }),
  setting('backend', (run) => run.backend, { phrase: (text) => `${text} backend` }),
  setting('batch', (run) => count(run.batchSize), { numeric: true }),
  setting('images', (run) => count(run.trainImages), {
    task: true,
    numeric: true,
    phrase: (text) => `${text} training images`,
  }),
  setting('epochs', (run) => count(run.epochsAsked), {
    numeric: true,
    phrase: (text) => (text === '1' ? '1 epoch' : `${text} epochs`),
  }),
  setting('learning rate', (run) => String(run.learningRate), { numeric: true }),
  setting('schedule', (run) => run.schedule ?? 'constant', {
    phrase: (text) => (text === 'constant' ? '' : `${text} schedule`),
  }),
  setting('momentum', (run) => String(run.momentum), { numeric: true }),
  setting('ρ', (run) => String(run.rho ?? missing), {
    numeric: true,
    phrase: (text, run) => (run.rho === null ? 'no perturbation' : `ρ ${text}`),
  }),
  setting('augmented by', (run) => run.augment ?? missing, {
    phrase: (text) => (text === missing ? '' : `augmented by ${text}`),
  }),
  setting('labels shuffled', (run) => (run.labelNoise === undefined ? missing : percent(run.labelNoise)), {
    task: true,
    numeric: true,
    phrase: (text) => (text === missing ? '' : `${text} of the labels shuffled`),
  }),
  setting('taken from', (run) => (run.subset === undefined ? 'all' : count(run.subset)), {
    task: true,
    numeric: true,
    phrase: (text) => (text === 'all' ? '' : `of the first ${text}`),
  }),
  setting('measured on', (run) => measuredOn(run), { task: true, phrase: (text) => `measured on ${text} images` }),
  setting('seed', (run) => String(run.seed), { numeric: true }),
];

/** The results as a table, a row a run. Settings that all runs share are left to {@link sharedSettings}. */
export function resultsTable(runs: readonly RunSummary[]): Table {
  const columns: Column[] = [
    { title: 'optimizer', numeric: false, text: (run) => run.optimizer },
    ...settings.filter((setting) => varies(setting, runs)),
    { title: accuracyTitle(runs), numeric: true, text: (run) => percent(run.testAccuracy) },
    { title: 'training loss', numeric: true, text: (run) => decimals(run.trainLoss, 4) },
    { title: 'sharpness', numeric: true, text: (run) => decimals(run.sharpness, 4) },
    { title: 's / epoch', numeric: true, text: (run) => decimals(run.secondsPerEpoch, 1) },
    { title: 'gradients', numeric: true, text: (run) => count(Math.round(run.gradientEvaluations)) },
  ];
  if (runs.some((run) => run.stopped)) columns.push({ title: 'note', numeric: false, text: endNote });
  return { columns, rows: runs.map((run) => columns.map((column) => column.text(run))) };
}

/** The settings that all runs share, each as it reads in a sentence. */
export function sharedSettings(runs: readonly RunSummary[]): string[] {
  const first = runs[0];
  if (first === undefined) return [];
  const shared = settings.filter((setting) => !varies(setting, runs)).map((setting) => setting.phrase(first));
  return shared.filter((phrase) => phrase !== '');
}

/**
 * A name for every run that runs share if they differ in nothing but the seed: the optimizer, and behind it whatever
 * sets it apart from other runs of that optimizer.
 */
export function seriesLabels(runs: readonly RunSummary[]): string[] {
  return runs.map((run) => {
    const siblings = runs.filter(({ optimizer }) => optimizer === run.optimizer);
    const apart = settings.filter((setting) => setting.title !== 'seed' && varies(setting, siblings));
    const phrases = apart
      .map((setting) => setting.phrase(run))
      .filter((phrase) => phrase !== '')
      .join(', ');
    return oneLine(phrases === '' ? run.optimizer : `${run.optimizer} (${phrases})`);
  });
}

/**
 * The settings in which series differ, but for those that all their names tell: columns for a table of series, whose runs
 * share them.
 */
export function seriesSettings(runs: readonly RunSummary[]): Column[] {
  const optimizers = [...new Set(runs.map(({ optimizer }) => optimizer))];
  const told = (setting: Setting): boolean =>
    optimizers.every((name) =>
      varies(
        setting,
        runs.filter(({ optimizer }) => optimizer === name),
      ),
    );
  return settings.filter((setting) => setting.title !== 'seed' && varies(setting, runs) && !told(setting));
}

/** What is learned in each run, as far as runs differ in it: only those of the same can be compared. */
export function taskLabels(runs: readonly RunSummary[]): string[] {
  const apart = settings.filter((setting) => setting.task && varies(setting, runs));
  return runs.map((run) => oneLine(apart.map(({ title, text }) => `${title} ${text(run)}`).join(', ')));
}

/** `test accuracy`, or what else `testAccuracy` is in these runs. */
export function accuracyTitle(runs: readonly RunSummary[]): string {
  const sets = [...new Set(runs.map((run) => run.evaluatedOn))];
  return sets.length === 1 ? `${sets[0]} accuracy` : 'accuracy';
}

/** When the run ended early; nothing for one that was finished. */
function endNote({ stopped, diverged, epochs, epochsAsked }: RunSummary): string {
  if (!stopped) return '';
  const when = epochs === epochsAsked ? 'after the last epoch' : `in epoch ${epochs + 1} of ${epochsAsked}`;
  return `${diverged ? 'diverged' : 'stopped'} ${when}`;
}

function varies(column: Column, runs: readonly RunSummary[]): boolean {
  return new Set(runs.map((run) => column.text(run))).size > 1;
}

/** `test`, `4,000 validation`: of the test set there is one. */
function measuredOn({ evaluatedOn, validation }: RunSummary): string {
  return validation === undefined ? evaluatedOn : `${count(validation)} ${evaluatedOn}`;
}

interface SettingOptions {
  readonly task?: boolean;
  readonly numeric?: boolean;
  readonly phrase?: (text: string, run: RunSummary) => string;
}

function setting(
  title: string,
  text: (run: RunSummary) => string,
  { task = false, numeric = false, phrase = (text) => `${title} ${text}` }: SettingOptions,
): Setting {
  return { title, task, numeric, text, phrase: (run) => phrase(text(run), run) };
}
