import type { Floats } from './layout.ts';

/**
 * What the driver asks of one worker and what that answers: all that passes between them, in plain data.
 *
 * Weights and gradients travel as one flat run of float32 each, laid out in the order of the weights' tree, with the
 * statistics behind. A worker keeps nothing from one order to the next, so that a fresh one can take the place of any.
 */
export type Order = OpenOrder | EvaluateOrder;

/** Makes a worker build its replica. Answered by {@link ReadyReport}. */
export interface OpenOrder {
  /** What tells this order from the others. */
  readonly kind: 'open';
  /** Which worker this is, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
  /** What the user gave for the workers. */
  readonly data: unknown;
}

/** Asks for loss and gradient on one part of a batch. Answered by {@link AnswerReport} or {@link FailedReport}. */
export interface EvaluateOrder extends Task {
  /** What tells this order from the others. */
  readonly kind: 'evaluate';
  /** Weights, then statistics: to be read. In shared memory, or transferred. */
  readonly inbox: Float32Array;
  /** The gradient, then the statistics after it: to be written. In shared memory, or transferred. */
  readonly outbox: Float32Array;
}

/** What a worker is told of an evaluation, beside the weights. */
export interface Task {
  /** The worker's part of the batch, as the step was given it. */
  readonly part: unknown;
  /** The same for all evaluations of a step on one part, another for another step or part: what random masks depend on. */
  readonly seed: number;
  /** Whether this is the step's evaluation with side effects: the one whose statistics count. */
  readonly first: boolean;
  /** The mean over these samples of the part alone, counted from 0. */
  readonly samples?: readonly number[];
  /** `also`: the loss of each sample as well. `only`: nothing but these. */
  readonly losses?: 'also' | 'only';
}

/** What a worker tells the driver. */
export type Report = ServingReport | ReadyReport | AnswerReport | FailedReport;

/** The worker's module has run, and orders are heard from now on. */
export interface ServingReport {
  /** What tells this report from the others. */
  readonly kind: 'serving';
}

/** The replica is there. */
export interface ReadyReport {
  /** What tells this report from the others. */
  readonly kind: 'ready';
  /** The weights it begins with. */
  readonly weights: Floats;
  /** The statistics it begins with. */
  readonly statistics: Floats;
}

/** An evaluation is done, and the outbox is written. */
export interface AnswerReport {
  /** What tells this report from the others. */
  readonly kind: 'answer';
  /** The mean over the samples. */
  readonly loss: number;
  /** How many samples it is over. */
  readonly samples: number;
  /** One a sample, where they were asked for. */
  readonly losses?: readonly number[];
  /** Come back from where they were transferred. */
  readonly inbox: Float32Array;
  /** Come back from where they were transferred. */
  readonly outbox: Float32Array;
}

/** Opening or evaluating threw; the worker lives on. */
export interface FailedReport {
  /** What tells this report from the others. */
  readonly kind: 'failed';
  /** What was thrown. */
  readonly message: string;
  /** Where. */
  readonly stack?: string;
  /** Of an evaluation: come back from where they were transferred. */
  readonly inbox?: Float32Array;
  /** Of an evaluation: come back from where they were transferred. */
  readonly outbox?: Float32Array;
}
