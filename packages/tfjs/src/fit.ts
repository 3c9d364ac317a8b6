import { checkKeys, checkNumber } from '@flatmin/core';
import type { Batch } from './batch.ts';
import { type Cutting, isCut, openEpoch, type TrainingData } from './epoch-data.ts';
import { pauses } from './event-loop.ts';

/** What one step of {@link Trainer} reports. */
export interface StepReport {
  /** The mean loss of the batch, at the weights before the step. */
  readonly loss: number;
  /** How many samples the batch had. */
  readonly samples: number;
  /** What the step saw, with the trainer's option `diagnostics`; see {@link Trainer.readDiagnostics}. */
  readonly diagnostics?: Readonly<Record<string, number>>;
  /** Why the step was skipped, if it was. */
  readonly skipped?: string;
}

/** What {@link FitOptions.onStep} is told: all that a progress bar needs. */
export interface StepProgress extends StepReport {
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** How many epochs there will be. */
  readonly epochs: number;
  /** Steps of this epoch that are over. */
  readonly step: number;
  /** How many steps this epoch has, where that is known. */
  readonly stepsPerEpoch: number | undefined;
}

/** What {@link FitOptions.onEpoch} is told. */
export interface EpochProgress {
  /** The epoch that is over, counted from 1. */
  readonly epoch: number;
  /** How many epochs there will be. */
  readonly epochs: number;
  /** Its mean loss. */
  readonly loss: number;
  /** How many steps it had. */
  readonly steps: number;
}

/** Options of {@link Trainer.fit}. */
export interface FitOptions extends Cutting {
  /** How many passes through the data. Default 1. */
  readonly epochs?: number;
  /**
   * Where to go on: after this many steps of this epoch (counted from 1), as {@link FitOptions.onStep} told. The batches
   * before are passed over, so that with the trainer's state of then the same steps follow; an epoch that was over is not reported again.
   * Default: the beginning.
   */
  readonly from?: {
    /** The epoch, counted from 1. */
    readonly epoch: number;
    /** Steps of it that are over. */
    readonly step: number;
  };
  /** Called and awaited after each step; what it throws ends the training. */
  onStep?(progress: StepProgress): void | Promise<void>;
  /** Called and awaited after each epoch; what it throws ends the training. */
  onEpoch?(progress: EpochProgress): void | Promise<void>;
  /** Ends the training after the step at which it is aborted; the history so far is returned. */
  readonly signal?: AbortSignal;
}

/** What {@link Trainer.fit} returns. */
export interface History {
  /**
   * The mean loss of each epoch's samples, each at the weights before its step; of an epoch cut short, of the
   * steps it had. Skipped steps do not count.
   */
  readonly loss: readonly number[];
}

const ofCutting = ['batchSize', 'shuffle', 'seed', 'smallLastBatch'] as const;

/** Steps through the data, epoch by epoch. See {@link Trainer.fit}. */
export async function fit<B extends Batch>(
  step: (batch: B) => Promise<StepReport>,
  data: TrainingData<B>,
  options: FitOptions,
): Promise<History> {
  check(data, options);
  const { epochs = 1, from = { epoch: 1, step: 0 }, onStep, onEpoch, signal } = options;
  const pause = pauses();
  const history: number[] = [];
  for (let epoch = from.epoch; epoch <= epochs && !signal?.aborted; epoch++) {
    const done = epoch === from.epoch ? from.step : 0;
    const { batches, steps: stepsPerEpoch } = await openEpoch(data, epoch, options);
    const mean = new Mean();
    let steps = 0;
    for await (const batch of batches) {
      steps++;
      if (steps <= done) continue;
      const report = await step(batch);
      if (report.skipped === undefined) mean.add(report.loss, report.samples);
      await onStep?.({ ...report, epoch, epochs, step: steps, stepsPerEpoch });
      await pause();
      if (signal?.aborted) break;
    }
    if (steps === 0) throw new RangeError(`trainer.fit: ${nothing(epoch)}`);
    if (steps < done) {
      throw new RangeError(
        `trainer.fit: from.step is ${done}, and epoch ${epoch} has ${steps} batches; give the data and batchSize of then.`,
      );
    }
    if (steps === done) continue;
    history.push(mean.value);
    if (!signal?.aborted) await onEpoch?.({ epoch, epochs, loss: mean.value, steps });
  }
  return { loss: history };
}

/** A mean of numbers with weights. */
class Mean {
  #sum = 0;
  #weight = 0;

  add(x: number, weight: number): void {
    this.#sum += weight * x;
    this.#weight += weight;
  }

  get value(): number {
    return this.#sum / this.#weight;
  }
}

function check<B extends Batch>(data: TrainingData<B>, options: FitOptions): void {
  checkKeys('trainer.fit', options, ['epochs', 'from', 'onStep', 'onEpoch', 'signal', ...ofCutting]);
  const { epochs = 1, batchSize = 32, seed = 0 } = options;
  checkNumber('trainer.fit', 'epochs', epochs, { min: 1, integer: true });
  if (options.from !== undefined) {
    checkNumber('trainer.fit', 'from.epoch', options.from.epoch, { min: 1, integer: true });
    checkNumber('trainer.fit', 'from.step', options.from.step, { min: 0, integer: true });
  }
  checkNumber('trainer.fit', 'batchSize', batchSize, { min: 1, integer: true });
  checkNumber('trainer.fit', 'seed', seed, { integer: true });
  const idle = ofCutting.find((option) => options[option] !== undefined);
  if (idle !== undefined && !isCut(data)) {
    throw new RangeError(
      `trainer.fit: ${idle} is for data that is to be cut into batches, and these are batches already; leave it out.`,
    );
  }
}

const nothing = (epoch: number): string =>
  epoch === 1
    ? 'there are no batches; give data with at least one (and a batchSize of no more than the samples).'
    : `there are no batches in epoch ${epoch}; give data that begins anew in each epoch, such as a function that returns a generator.`;
