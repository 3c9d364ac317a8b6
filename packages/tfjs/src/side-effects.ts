import type * as tf from '@tensorflow/tfjs-core';
import { withMutedMetrics } from './muted-metrics.ts';
import { RecurrentStates } from './recurrent-states.ts';
import { Snapshot } from './snapshot.ts';
import { trainingModel } from './training-model.ts';

/**
 * What a loss closure does besides computing a loss: it moves variables (BatchNorm's statistics) and the states
 * of recurrent layers, and computes metrics. Of a step's evaluations the first does so; the others start from
 * where the first started, and leave what the first left.
 */
export class SideEffects {
  readonly #variables: () => tf.Variable[];
  readonly #before: Snapshot;
  readonly #states: RecurrentStates;

  /** @param variables all that are not optimised, those that the closure has built meanwhile included */
  constructor(variables: () => tf.Variable[]) {
    this.#variables = variables;
    this.#before = new Snapshot(variables());
    this.#states = new RecurrentStates(trainingModel());
  }

  /** Runs an evaluation that is not the first. */
  without<R>(evaluate: () => R): R {
    const after = new Snapshot(this.#variables());
    try {
      this.#before.restore();
      return withMutedMetrics(() => this.#states.during(evaluate));
    } finally {
      after.restore();
      after.release();
    }
  }

  /** Takes back what the step's evaluations have done. */
  undo(): void {
    this.#before.restore();
    this.#states.restore();
  }

  /** Lets go of the data held. */
  release(): void {
    this.#before.release();
  }
}
