import type { Recipe, Schedule, SessionOptions } from '@flatmin/core';
import type { configOf } from './config.ts';

/** Options of {@link sharpnessAware}. */
export interface SharpnessAwareOptions extends SessionOptions {
  /** Compute what {@link SharpnessAwareOptimizer.readDiagnostics} reads. Default false. */
  readonly diagnostics?: boolean;
  /**
   * η at each step, for any base: its own learning rate is set to it when a step begins. Default: the base's stays
   * as it is.
   */
  readonly learningRate?: Schedule;
}

/** What the configuration of a {@link SharpnessAwareOptimizer} writes. */
export interface Written {
  readonly base: ReturnType<typeof configOf>;
  readonly variant: Recipe;
  readonly options: SharpnessAwareOptions;
}
