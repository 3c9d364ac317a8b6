import type { Command } from 'commander';
import { datasets } from '../data/datasets.ts';
import { models } from '../models/model.ts';
import { optimizers } from '../optimizers.ts';
import type { Io } from './io.ts';
import { nameOption, namesOption, numberOption } from './options.ts';
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
import { verdict } from './verdict.ts';

interface CompareOptions extends TrainingOptions, ResultsOptions {
  readonly dataset: string;
  readonly model: string;
  readonly optimizers: string[];
  readonly learningRate: number;
  readonly rho: number | undefined;
  readonly seed: number;
}

/** Adds `compare`, which trains the same network with several optimizers. */
export function addCompare(program: Command, io: Io, setExitCode: (code: number) => void): void {
  const command = program
    .command('compare')
    .description('train one network with several optimizers, one after the other, and compare them')
    .addOption(nameOption('--dataset <name>', 'data set', datasets, 'fashion-mnist'))
    .addOption(nameOption('--model <name>', 'network', models, 'conv4-16'))
    .addOption(namesOption('--optimizers <names>', 'optimizers, between commas', optimizers, ['sgd', 'sam']))
    .addOption(numberOption('--learning-rate <value>', 'learning rate', LEARNING_RATE, DEFAULT_LEARNING_RATE))
    .addOption(numberOption('--rho <value>', "length of every perturbation (default: each optimizer's own)", RHO))
    .addOption(numberOption('--seed <number>', 'decides initial weights and order of images', SEED, 1));
  addResultsOptions(addTrainingOptions(command))
    .addHelpText('after', glossaryOf)
    .action(async (options: CompareOptions) => {
      const settings = settingsOf(options, {
        datasets: [options.dataset],
        models: [options.model],
        optimizers: options.optimizers,
        rhos: [options.rho],
        learningRates: [options.learningRate],
        seeds: [options.seed],
      });
      const title = `compare-${options.dataset}-${options.model}`;
      const { exitCode, runs } = await trainAndReport({ title, settings }, options, io);
      for (const sentence of verdict(runs)) io.stdout.write(`${sentence}\n`);
      setExitCode(exitCode);
    });
}
