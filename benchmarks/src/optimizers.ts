import { sam } from '@flatmin/sam';
import { sharpnessAware } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';

/** What an optimizer is made from. */
export interface OptimizerSettings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly rho: number;
}

/** An optimizer by name. */
export interface OptimizerEntry {
  /** One line for the help. */
  readonly description: string;
  /** Whether `--rho` has a meaning for it. */
  readonly perturbs: boolean;
  readonly create: (settings: OptimizerSettings) => tf.Optimizer;
}

const momentum = (settings: OptimizerSettings): tf.Optimizer =>
  tf.train.momentum(settings.learningRate, settings.momentum);

/** The optimizers by the name that `--optimizers` takes. */
export const optimizers: ReadonlyMap<string, OptimizerEntry> = new Map<string, OptimizerEntry>([
  ['sgd', { description: 'gradient descent with momentum', perturbs: false, create: momentum }],
  [
    'sam',
    {
      description: 'the same at weights perturbed by --rho (Foret et al., 2021), two gradients a step',
      perturbs: true,
      create: (settings) => sharpnessAware(momentum(settings), sam({ rho: settings.rho })),
    },
  ],
]);

/**
 * How many gradients of a batch an optimizer has computed in `steps` steps: its own count where it
 * keeps one, else one a step.
 */
export function gradientEvaluations(optimizer: tf.Optimizer, steps: number): number {
  if ('gradientEvaluations' in optimizer && typeof optimizer.gradientEvaluations === 'number') {
    return optimizer.gradientEvaluations;
  }
  return steps;
}
