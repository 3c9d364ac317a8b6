import { asam } from '@flatmin/asam';
import type { Variant } from '@flatmin/core';
import { gsam } from '@flatmin/gsam';
import { sam } from '@flatmin/sam';
import { looksam, msam } from '@flatmin/zoo';

/** An optimizer whose step is timed: momentum, by itself or with a variant around it. */
export interface StepOptimizer {
  /** Absent: momentum by itself. */
  readonly variant?: () => Variant;
  /** So many steps are timed together, as they differ. Default 1. */
  readonly cycle?: number;
}

/**
 * So small that the weights stay about where they are, in the peers too. A network that learns its one batch by heart comes to have
 * dead units, whose velocities shrink to denormal numbers and stay there; a processor takes many times as long for those, and
 * each optimizer has more or fewer of them.
 */
export const LEARNING_RATE = 1e-9;

/** Momentum by itself: what a step is compared with. */
export const PLAIN = 'plain';

/** The optimizers by name. */
export const stepOptimizers: ReadonlyMap<string, StepOptimizer> = new Map<string, StepOptimizer>([
  [PLAIN, {}],
  ['sam', { variant: () => sam({ rho: 0.05 }) }],
  ['asam', { variant: () => asam({ rho: 0.5 }) }],
  ['gsam', { variant: () => gsam({ rho: 0.05 }) }],
  ['looksam-5', { variant: () => looksam({ rho: 0.05, k: 5 }), cycle: 5 }],
  ['msam', { variant: () => msam({ rho: 0.05, momentum: 0.9 }) }],
]);
