import { type Recipe, type Schedule, type SessionOptions, valueAt } from '@flatmin/core';
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

/** η at a step, where there is a schedule. */
export function rateAt(owner: string, { learningRate }: SharpnessAwareOptions, step: number): number | undefined {
  // A schedule of η cannot follow η.
  if (learningRate === undefined) return undefined;
  return valueAt(`${owner}: learningRate`, learningRate, { step, learningRate: Number.NaN });
}

/** What the configuration of a {@link SharpnessAwareOptimizer} writes. */
export interface Written {
  readonly base: ReturnType<typeof configOf>;
  readonly variant: Recipe;
  readonly options: SharpnessAwareOptions;
}
