import type { Command } from 'commander';
import { optimizers } from '../optimizers.ts';
import type { Io } from './io.ts';
import { namesOption, numberOption } from './options.ts';
import { trainAndReport } from './train-and-report.ts';
import {
  addTrainingOptions,
  DEFAULT_LEARNING_RATE,
  LEARNING_RATE,
  SEED,
  type TrainingOptions,
} from './training-options.ts';
import { verdict } from './verdict.ts';

interface CompareOptions extends TrainingOptions {
  readonly optimizers: string[];
  readonly learningRate: number;
  readonly seed: number;
}

/** Adds `compare`, which trains the same network with several optimizers. */
export function addCompare(program: Command, io: Io, setExitCode: (code: number) => void): void {
  addTrainingOptions(
    program
      .command('compare')
      .description('train one network with several optimizers, one after the other, and compare them')
      .addOption(namesOption('--optimizers <names>', 'optimizers, between commas', optimizers, ['sgd', 'sam']))
      .addOption(numberOption('--learning-rate <value>', 'learning rate', LEARNING_RATE, DEFAULT_LEARNING_RATE))
      .addOption(numberOption('--seed <number>', 'decides initial weights and order of images', SEED, 1)),
  ).action(async ({ optimizers, learningRate, seed, ...options }: CompareOptions) => {
    const matrix = { optimizers, learningRates: [learningRate], seeds: [seed] };
    const { exitCode, runs } = await trainAndReport('compare', options, matrix, io);
    for (const sentence of verdict(runs)) io.stdout.write(`${sentence}\n`);
    setExitCode(exitCode);
  });
}
