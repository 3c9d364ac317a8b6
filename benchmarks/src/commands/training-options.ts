import { type Command, Option } from 'commander';
import { backends } from '../backends.ts';
import { augmentations } from '../data/augment/augmentations.ts';
import { datasets } from '../data/datasets.ts';
import { UsageError } from '../errors.ts';
import { models } from '../models/model.ts';
import { optimizers } from '../optimizers.ts';
import type { RunSettings } from '../settings.ts';
import { definitions } from '../text-layout.ts';
import { type NumberRule, nameOption, namesOption, numberOption, parseNumber } from './options.ts';

/** The options that every training command takes, read. */
export interface TrainingOptions {
  readonly backend: string;
  /** `undefined` when not given. */
  readonly limit: number | 'all' | undefined;
  readonly validation: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly momentum: number;
  readonly schedule: string;
  readonly labelNoise: number;
  /** Absent when not given: none. */
  readonly augment?: string[];
  /** Absent when not given: all. */
  readonly subset?: number;
}

/** What a command tries out: every combination of these becomes a run. */
export interface Matrix {
  readonly datasets: readonly string[];
  readonly models: readonly string[];
  /** `undefined`: each optimizer's own. */
  readonly rhos: readonly (number | undefined)[];
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

/** What a ρ must be. */
export const RHO: NumberRule = { least: 0 };

/** What a seed must be. */
export const SEED: NumberRule = { whole: true, least: 0, most: 2 ** 32 - 1 };

const DEFAULT_LIMIT = 10_000;

/** Adds the options of {@link TrainingOptions} to a command. */
export function addTrainingOptions(command: Command): Command {
  return command
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
    .addOption(nameOption('--schedule <name>', 'learning rate', schedules, 'constant'))
    .addOption(
      numberOption('--label-noise <share>', 'share of the training labels to shuffle', { least: 0, most: 1 }, 0),
    )
    .addOption(namesOption('--augment <names>', 'change training images at random, between commas', augmentations))
    .addOption(
      numberOption('--subset <images>', 'take training and validation images from the first so many (default: all)', {
        whole: true,
        least: 1,
      }),
    );
}

/** What stands behind the help of a training command: every name that its options take. */
export function glossaryOf({ command }: { readonly command: Command }): string {
  const tables = {
    'Data sets': datasets,
    Networks: models,
    Optimizers: optimizers,
    Backends: backends,
    Schedules: schedules,
    Augmentations: augmentations,
  };
  return glossary(tables, widthOf(command));
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

/** The learning rate's ways by the name that `--schedule` takes. */
const schedules: ReadonlyMap<string, { readonly description: string }> = new Map([
  ['constant', { description: 'the learning rate stays' }],
  ['cosine', { description: 'it falls along half a cosine, to zero at the end of the run' }],
]);

/**
 * The runs that a command asks for: data sets, then networks, optimizers, each ρ, learning rates, and seeds.
 *
 * @throws UsageError when the data set holds fewer images than asked for
 */
export function settingsOf(options: TrainingOptions, matrix: Matrix): RunSettings[] {
  const { datasets, models, optimizers, rhos, learningRates, seeds } = matrix;
  const { backend, validation, batchSize, momentum, epochs, schedule, labelNoise, augment, subset } = options;
  const shared: Omit<RunSettings, 'dataset' | 'model' | 'optimizer' | 'rho' | 'learningRate' | 'seed' | 'trainImages'> =
    {
      backend,
      validation,
      batchSize,
      momentum,
      epochsAsked: epochs,
      ...(schedule === 'cosine' && { schedule: 'cosine' }),
      ...(labelNoise > 0 && { labelNoise }),
      ...(augment !== undefined && { augment: inTheirOrder(augment) }),
      ...(subset !== undefined && { subset }),
    };
  const all = cross(datasets, models, optimizers, rhos, learningRates, seeds).map(
    ([dataset, model, optimizer, rho, learningRate, seed]) => {
      const trainImages = imagesToTrainOn(dataset, options);
      return { ...shared, dataset, model, optimizer, rho, learningRate, seed, trainImages };
    },
  );
  return all;
}

/** The same for the same augmentations, in whatever order they are asked for: they are done in one. */
function inTheirOrder(names: readonly string[]): string {
  return [...augmentations.keys()].filter((name) => names.includes(name)).join();
}

/** Every choice of one item of each list; the last list varies fastest. */
function cross<T extends readonly unknown[]>(...lists: { readonly [I in keyof T]: readonly T[I][] }): T[] {
  const choices = (lists as readonly (readonly unknown[])[]).reduce<unknown[][]>(
    (chosen, list) => chosen.flatMap((before) => list.map((item) => [...before, item])),
    [[]],
  );
  return choices as unknown as T[];
}

function imagesToTrainOn(dataset: string, { limit, validation, batchSize, subset }: TrainingOptions): number {
  const inAll = datasets.get(dataset)!.trainImages;
  if (subset !== undefined && subset > inAll) {
    throw new UsageError(`--subset ${subset} must be at most the ${inAll} training images of ${dataset}`);
  }
  const available = subset ?? inAll;
  const source = subset === undefined ? `${dataset}` : `${dataset} in --subset ${subset}`;
  if (validation >= available) {
    throw new UsageError(`--validation ${validation} must be less than the ${available} training images of ${source}`);
  }
  const most = available - validation;
  const images = limit === undefined ? Math.min(DEFAULT_LIMIT, most) : limit === 'all' ? most : limit;
  if (images > most) {
    const left = validation === 0 ? '' : ` that --validation ${validation} leaves`;
    throw new UsageError(`--limit ${images} must be at most the ${most} training images of ${source}${left}`);
  }
  if (batchSize > images) {
    throw new UsageError(`--batch-size ${batchSize} must be at most the ${images} images trained on`);
  }
  return images;
}
