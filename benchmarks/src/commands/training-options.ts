import { type Command, Option } from 'commander';
import { backends } from '../backends.ts';
import { checkRun } from '../check-run.ts';
import { datasets } from '../data/datasets.ts';
import { UsageError } from '../errors.ts';
import { models } from '../models/model.ts';
import { optimizers } from '../optimizers.ts';
import type { RunSettings } from '../settings.ts';
import { definitions } from '../text-layout.ts';
import { type NumberRule, nameOption, numberOption, parseNumber } from './options.ts';

/** The options that every training command takes, read. */
export interface TrainingOptions {
  readonly dataset: string;
  readonly model: string;
  readonly backend: string;
  /** `undefined` when not given. */
  readonly limit: number | 'all' | undefined;
  readonly validation: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly momentum: number;
  /** `undefined` when not given: each optimizer has its own. */
  readonly rho: number | undefined;
  readonly out: string | undefined;
  readonly force?: boolean;
  /** Seconds between checkpoints; absent: none are written. */
  readonly checkpoint?: number;
}

/** What a command tries out: every combination of these becomes a run. */
export interface Matrix {
  readonly optimizers: readonly string[];
  readonly learningRates: readonly number[];
  readonly seeds: readonly number[];
}

/** What a learning rate must be. */
export const LEARNING_RATE: NumberRule = { above: 0 };

/**
 * The learning rate unless another is asked for: of .01, .02, .05 and .1 the one with the lowest loss of plain SGD
 * on 2,000 held-out training images (.05 is as accurate there). The search is kept in `results/learning-rate`:
 * `flatmin-bench run --optimizers sgd --learning-rates .01,.02,.05,.1 --validation 2000 --limit 8000 --epochs 3 --seed 1`
 */
export const DEFAULT_LEARNING_RATE = 0.02;

/** What a seed must be. */
export const SEED: NumberRule = { whole: true, least: 0, most: 2 ** 32 - 1 };

const DEFAULT_LIMIT = 10_000;

/** As much as may have to be trained again; to write takes milliseconds. */
const CHECKPOINT_SECONDS = 30;

/** Adds the options of {@link TrainingOptions} to a command. */
export function addTrainingOptions(command: Command): Command {
  return command
    .addOption(nameOption('--dataset <name>', 'data set', datasets, 'fashion-mnist'))
    .addOption(nameOption('--model <name>', 'network', models, 'conv4-16'))
    .addOption(nameOption('--backend <name>', 'engine of TensorFlow.js', backends, 'wasm'))
    .addOption(limitOption())
    .addOption(
      numberOption(
        '--validation <images>',
        'training images to hold out and judge on in place of the test set',
        { whole: true, least: 0 },
        0,
      ),
    )
    .addOption(numberOption('--epochs <count>', 'passes over the images', { whole: true, least: 1 }, 3))
    .addOption(numberOption('--batch-size <images>', 'images a step', { whole: true, least: 1 }, 64))
    .addOption(numberOption('--momentum <value>', 'momentum of every optimizer', { least: 0, below: 1 }, 0.9))
    .addOption(
      numberOption('--rho <value>', "length of every perturbation (default: each optimizer's own)", { least: 0 }),
    )
    .option('--out <folder>', 'where the results go (default: a new folder in out/)')
    .option('--force', 'replace results that --out holds already')
    .addOption(checkpointOption())
    .addHelpText('after', ({ command }) =>
      glossary(
        { 'Data sets': datasets, Networks: models, Optimizers: optimizers, Backends: backends },
        widthOf(command),
      ),
    );
}

/** Every name of the tables with its description. */
function glossary(
  tables: Record<string, ReadonlyMap<string, { readonly description: string }>>,
  width: number,
): string {
  const sections = Object.entries(tables).map(([title, table]) => {
    const rows = [...table].map(([name, { description }]) => [name, description] as const);
    return `${title}:\n${definitions(rows, width)}`;
  });
  return `\n${sections.join('\n\n')}`;
}

/** As wide as the rest of the help. */
function widthOf(command: Command): number {
  return command.configureOutput().getOutHelpWidth?.() ?? 80;
}

function limitOption(): Option {
  const option = new Option(
    '--limit <images>',
    `training images: the first so many of one fixed permutation, or "all" (default: ${DEFAULT_LIMIT}, or all where there are fewer)`,
  );
  const rule = { whole: true, least: 1 };
  return option.argParser((text: string) => (text === 'all' ? text : parseNumber(option, text, rule)));
}

function checkpointOption(): Option {
  return numberOption(
    '--checkpoint [seconds]',
    `keep each run in --out, on Ctrl-C and every so many seconds (${CHECKPOINT_SECONDS} when no number is given); the same command again goes on from there, whatever has ended this one`,
    { least: 0 },
  ).preset(String(CHECKPOINT_SECONDS));
}

/**
 * The runs that a command asks for: optimizers, then learning rates, then seeds.
 *
 * @throws UsageError when the data set holds fewer images than asked for, or a run could not be finished
 */
export function settingsOf(options: TrainingOptions, matrix: Matrix): RunSettings[] {
  const { dataset, model, backend, validation, batchSize, momentum, rho, epochs } = options;
  const trainImages = imagesToTrainOn(options);
  const shared = { dataset, model, backend, trainImages, validation, batchSize, momentum, rho, epochsAsked: epochs };
  const all = matrix.optimizers.flatMap((optimizer) =>
    matrix.learningRates.flatMap((learningRate) =>
      matrix.seeds.map((seed) => ({ ...shared, optimizer, learningRate, seed })),
    ),
  );
  for (const one of all) checkRun(one);
  return all;
}

function imagesToTrainOn({ dataset, limit, validation, batchSize }: TrainingOptions): number {
  const available = datasets.get(dataset)!.trainImages;
  if (validation >= available) {
    throw new UsageError(`--validation ${validation} must be less than the ${available} training images of ${dataset}`);
  }
  const most = available - validation;
  const images = limit === undefined ? Math.min(DEFAULT_LIMIT, most) : limit === 'all' ? most : limit;
  if (images > most) {
    const left = validation === 0 ? '' : ` that --validation ${validation} leaves`;
    throw new UsageError(`--limit ${images} must be at most the ${most} training images of ${dataset}${left}`);
  }
  if (batchSize > images) {
    throw new UsageError(`--batch-size ${batchSize} must be at most the ${images} images trained on`);
  }
  return images;
}
