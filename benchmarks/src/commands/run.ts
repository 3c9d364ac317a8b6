import type { Command } from 'commander';
import { datasets } from '../data/datasets.ts';
import { models } from '../models/model.ts';
import { optimizers } from '../optimizers.ts';
import type { Io } from './io.ts';
import { namesOption, numbersOption } from './options.ts';
import { addResultsOptions, type ResultsOptions } from './results-options.ts';
import { trainAndReport } from './train-and-report.ts';
import {
  addTrainingOptions,
  DEFAULT_LEARNING_RATE,
  glossaryOf,
  LEARNING_RATE,
  RHO,
  SEED,
  settingsOf,
  type TrainingOptions,
} from './training-options.ts';

interface RunOptions extends TrainingOptions, ResultsOptions {
  readonly datasets: string[];
  readonly models: string[];
  readonly optimizers: string[];
  readonly rhos: number[] | undefined;
  readonly learningRates: number[];
  readonly seeds: number[];
}

/** Adds `run`, which trains every combination of data sets, networks, optimizers, ρ, learning rates and seeds. */
export function addRun(program: Command, io: Io, setExitCode: (code: number) => void): void {
  const command = program
    .command('run')
    .description(
      'train every combination of data sets, networks, optimizers, ρ, learning rates and seeds, one after the other',
    )
    .addOption(namesOption('--dataset, --datasets <names>', 'data sets, between commas', datasets, ['fashion-mnist']))
    .addOption(namesOption('--model, --models <names>', 'networks, between commas', models, ['conv4-16']))
    .addOption(namesOption('--optimizer, --optimizers <names>', 'optimizers, between commas', optimizers, ['sgd']))
    .addOption(
      numbersOption('--rho, --rhos <values>', "lengths of every perturbation (default: each optimizer's own)", RHO),
    )
    .addOption(
      numbersOption('--learning-rate, --learning-rates <values>', 'learning rates, between commas', LEARNING_RATE, [
        DEFAULT_LEARNING_RATE,
      ]),
    )
    .addOption(numbersOption('--seed, --seeds <numbers>', 'seeds, between commas', SEED, [1]));
  addResultsOptions(addTrainingOptions(command))
    .addHelpText('after', glossaryOf)
    .action(async (options: RunOptions) => {
      const settings = settingsOf(options, { ...options, rhos: options.rhos ?? [undefined] });
      const title = ['run', ...options.datasets, ...options.models].join('-');
      const { exitCode } = await trainAndReport({ title, settings }, options, io);
      setExitCode(exitCode);
    });
}
