import {
  adaptiveSharpness,
  describePacBayes,
  type HessianEigenvalues,
  type HessianTrace,
  hessianEigenvalues,
  hessianTrace,
  type Landscape,
  measure,
  pacBayesBound,
  sharpness,
} from '@flatmin/landscape';
import type * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './landscape.ts';

/** How flat the loss is around some weights, in numbers. */
export interface Flatness {
  readonly sharpness: number;
  readonly worst: number;
  readonly adaptive: number;
  readonly hessian: HessianEigenvalues;
  readonly trace: HessianTrace;
}

/** Measures it. */
export function flatness(landscape: Landscape<tf.Tensor, Weights>): Flatness {
  return {
    sharpness: measure(sharpness({ rho: 0.05 }), landscape).sharpness,
    worst: measure(sharpness({ rho: 0.05, ascentSteps: 10 }), landscape).sharpness,
    adaptive: measure(adaptiveSharpness({ rho: 0.5 }), landscape).sharpness,
    hessian: measure(hessianEigenvalues({ count: 3, iterations: 20 }), landscape),
    trace: measure(hessianTrace({ probes: 20 }), landscape),
  };
}

/** The bound that SAM was derived from: one loss leads to the worst weights, and the share of wrong answers is bounded. */
export function bound(
  landscape: Landscape<tf.Tensor, Weights>,
  wrongAnswers: Required<Landscape<tf.Tensor, Weights>>,
  samples: number,
): string {
  return describePacBayes(measure(pacBayesBound({ samples, rho: 0.05 }), { ...landscape, loss: wrongAnswers.loss }));
}
