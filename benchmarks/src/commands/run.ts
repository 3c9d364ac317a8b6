import type { Command } from 'commander';
import { optimizers } from '../optimizers.ts';
import type { Io } from './io.ts';
import { namesOption, numbersOption } from './options.ts';
import { trainAndReport } from './train-and-report.ts';
import {
  addTrainingOptions,
  DEFAULT_LEARNING_RATE,
  LEARNING_RATE,
  SEED,
  type TrainingOptions,
} from './training-options.ts';

interface RunOptions extends TrainingOptions {
  readonly optimizers: string[];
  readonly learningRates: number[];
  readonly seeds: number[];
}

/** Adds `run`, which trains every combination of optimizers, learning rates and seeds. */
export function addRun(program: Command, io: Io, setExitCode: (code: number) => void): void {
  addTrainingOptions(
    program
      .command('run')
      .description('train every combination of optimizers, learning rates and seeds, one after the other')
      .addOption(namesOption('--optimizer, --optimizers <names>', 'optimizers, between commas', optimizers, ['sgd']))
      .addOption(
        numbersOption('--learning-rate, --learning-rates <values>', 'learning rates, between commas', LEARNING_RATE, [
          DEFAULT_LEARNING_RATE,
        ]),
      )
      .addOption(numbersOption('--seed, --seeds <numbers>', 'seeds, between commas', SEED, [1])),
  ).action(async ({ optimizers, learningRates, seeds, ...options }: RunOptions) => {
    const { exitCode } = await trainAndReport('run', options, { optimizers, learningRates, seeds }, io);
    setExitCode(exitCode);
  });
}
