import { createHash } from 'node:crypto';
import { datasets } from './data/datasets.ts';
import { rhoOf, variantOf } from './optimizers.ts';
import type { RunSummary } from './results.ts';

/** What one training run is asked to do. */
export interface RunSettings
  extends Pick<
    RunSummary,
    | 'dataset'
    | 'model'
    | 'optimizer'
    | 'backend'
    | 'seed'
    | 'batchSize'
    | 'trainImages'
    | 'learningRate'
    | 'momentum'
    | 'epochsAsked'
    | 'schedule'
    | 'labelNoise'
    | 'augment'
    | 'subset'
  > {
  /** Given to every optimizer that perturbs; `undefined` leaves each at its own. */
  readonly rho: number | undefined;
  /** Training images held out to be judged on; 0 judges on the test set. */
  readonly validation: number;
}

/** What a run's settings are in its {@link RunSummary}. */
export type DescribedSettings = Pick<RunSummary, (typeof DESCRIBED)[number]>;

const DESCRIBED = [
  'dataset',
  'model',
  'optimizer',
  'backend',
  'seed',
  'batchSize',
  'trainImages',
  'learningRate',
  'momentum',
  'epochsAsked',
  'schedule',
  'labelNoise',
  'augment',
  'subset',
  'validation',
  'rho',
  'evaluatedOn',
] as const;

/** Settings as the summary has them: the data set by its label, the ρ that the optimizer has, and only what was chosen. */
export function described(settings: RunSettings): DescribedSettings {
  const { validation, ...asked } = settings;
  return {
    ...asked,
    dataset: datasets.get(settings.dataset)!.label,
    rho: rhoOf(variantOf(settings)),
    ...(validation > 0 && { validation }),
    evaluatedOn: validation > 0 ? 'validation' : 'test',
  };
}

/** Equal for runs that were asked to do the same, and for no others. */
export function runKey(run: DescribedSettings): string {
  return JSON.stringify(DESCRIBED.map((name) => run[name] ?? null));
}

/** Runs that are asked for twice, as of an optimizer without a ρ for each of several ρ, are one. */
export function distinct(settings: readonly RunSettings[]): RunSettings[] {
  return [...new Map(settings.map((one) => [runKey(described(one)), one])).values()];
}

/** A short name for a run's file, which no run with other settings has. */
export function runName(run: DescribedSettings, digits = 8): string {
  const digest = createHash('sha256').update(runKey(run)).digest('hex').slice(0, digits);
  return `${run.optimizer}-lr${run.learningRate}-seed${run.seed}-${digest}`;
}

/** The run in a few words, for lines of progress. */
export function runLabel(settings: RunSettings): string {
  const { optimizer, rho, learningRate, seed } = settings;
  const length = rho === undefined || rhoOf(variantOf(settings)) === null ? '' : `, ρ ${rho}`;
  return `${optimizer}${length}, learning rate ${learningRate}, seed ${seed}`;
}
