import type { Plain } from '@flatmin/checkpoint';
import { cosine, type NamedSchedule, plain } from '@flatmin/core';
import { sharpnessAware } from '@flatmin/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch } from '../data/images.ts';
import { type VariantSettings, variantOf } from '../optimizers.ts';
import type { RunSettings } from '../settings.ts';
import { stepsOf } from '../steps.ts';
import { compiledLearner } from './compiled.ts';
import { loopLearner } from './loop.ts';
import { SavedMomentum } from './saved-momentum.ts';

/** A network with its optimizer, trained batch by batch. */
export interface Learner {
  /**
   * Takes one step. The batch stays the caller's.
   *
   * @throws NonFiniteError when a loss or a gradient is not finite; plain gradient descent only tells its loss
   */
  readonly step: (batch: Batch) => Promise<StepOutcome>;
  /** Gradients of a batch computed in all; one of a part of it counts by its share. */
  readonly gradientEvaluations: number;
  /** Where the optimizer stands between two steps. */
  readonly state: () => Promise<LearnerState>;
  /** Goes on from where another one stood; only before its first step. */
  readonly restore: (state: LearnerState) => Promise<void>;
  /** Frees what the optimizer has; the network stays. */
  readonly dispose: () => void;
}

/** Where a learner stands, as plain data: but for the network's weights all that its next steps depend on. */
export type LearnerState = {
  readonly gradientEvaluations: number;
  readonly optimizer: Plain;
};

/** What can be saved as plain data, and go on from it. */
export interface Saving<S extends Plain> {
  state(): Promise<S>;
  restore(state: S): Promise<void>;
}

/** What a step tells of its batch: as the network saw it at first in that step. */
export interface StepOutcome {
  readonly loss: number;
  /** The share of right answers. */
  readonly accuracy: number;
}

/** Of a run's settings those that its optimizer is made from. */
export type LearnerSettings = VariantSettings & Pick<RunSettings, 'learningRate' | 'schedule' | 'seed'>;

/** A learner with the optimizer that a run asks for. */
export function createLearner(model: LayersModel, settings: LearnerSettings): Learner {
  const { learningRate, momentum, seed } = settings;
  const base = new SavedMomentum(learningRate, momentum);
  const options = { seed, ...(settings.schedule === 'cosine' && { learningRate: toZero(settings) }) };
  const variant = variantOf(settings) ?? (options.learningRate && plain());
  if (variant === undefined) return compiledLearner(model, base);
  if (variant.needs.length === 0) return compiledLearner(model, sharpnessAware(base, variant, options));
  return loopLearner(model, base, variant, options);
}

/** From the run's learning rate along half a cosine to zero behind its last step. */
function toZero(settings: LearnerSettings): NamedSchedule {
  return cosine({ from: settings.learningRate, to: 0, steps: stepsOf(settings) });
}
