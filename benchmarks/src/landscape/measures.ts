import {
  adaptiveSharpness,
  filterNormalisedDirection,
  type HessianEigenvalues,
  type HessianSpectrum,
  type HessianTrace,
  hessianEigenvalues,
  hessianSpectrum,
  hessianTrace,
  measureAsync,
  type PacBayesBound,
  pacBayesBound,
  type SecondOrderTerm,
  type Sharpness,
  type Surface1d,
  type Surface2d,
  secondOrderTerm,
  sharpness,
  surface1d,
  surface2d,
} from '@flatmin/landscape';
import * as tf from '@tensorflow/tfjs-core';
import type { RunLandscape, Weights } from './run-landscape.ts';

/** How to measure. */
export interface MeasureOptions {
  /** ρ of SAM's ball, for all but the adaptive measure. */
  readonly rho: number;
  /** ρ of ASAM's. */
  readonly adaptiveRho: number;
  /** Points along each axis of a surface. */
  readonly points: number;
  /** How far a surface goes to each side, in lengths of the filters. */
  readonly reach: number;
  /** Images measured on: the n of the PAC-Bayes bound. */
  readonly images: number;
}

/** What is measured, as plain data. */
export interface Measured {
  readonly sharpness: Sharpness;
  readonly adaptiveSharpness: Sharpness;
  readonly secondOrderTerm: SecondOrderTerm;
  readonly pacBayes: PacBayesBound;
  readonly eigenvalues: HessianEigenvalues;
  readonly trace: HessianTrace;
  readonly spectrum: HessianSpectrum;
  readonly line: Surface1d;
  readonly surface: Surface2d;
}

/** The name of a measure. */
export type MeasureName = keyof Measured;

/** A measure by name: one line of what it is, what of the options it depends on, and how it is taken. */
export interface NamedMeasure<R> {
  readonly description: string;
  readonly depends: readonly (keyof MeasureOptions)[];
  take(landscape: RunLandscape, options: MeasureOptions): Promise<R>;
}

const named = <R>(
  description: string,
  depends: readonly (keyof MeasureOptions)[],
  take: NamedMeasure<R>['take'],
): NamedMeasure<R> => ({ description, depends: ['images', ...depends], take });

/** Every seed of a random draw here; directions have this and the next. */
const SEED = 1;

/** All measures, the cheap ones first. */
export const measures: { readonly [Name in MeasureName]: NamedMeasure<Measured[Name]> } = {
  sharpness: named('L(w + ρĝ) − L(w)', ['rho'], (landscape, { rho }) => measureAsync(sharpness({ rho }), landscape)),
  adaptiveSharpness: named("the same in ASAM's metric", ['adaptiveRho'], (landscape, { adaptiveRho }) =>
    measureAsync(adaptiveSharpness({ rho: adaptiveRho }), landscape),
  ),
  secondOrderTerm: named('the term of the gradient that SAM drops', ['rho'], (landscape, { rho }) =>
    measureAsync(secondOrderTerm({ rho }), landscape),
  ),
  pacBayes: named('the PAC-Bayes bound of the 0–1 loss', ['rho'], (landscape, { rho, images }) =>
    measureAsync(pacBayesBound({ rho, samples: images }), { ...landscape, loss: landscape.errors }),
  ),
  eigenvalues: named('the five largest eigenvalues of the Hessian', [], (landscape) =>
    measureAsync(hessianEigenvalues({ count: 5, iterations: 30, seed: SEED }), landscape),
  ),
  trace: named('the trace of the Hessian', [], (landscape) =>
    measureAsync(hessianTrace({ probes: 20, seed: SEED }), landscape),
  ),
  spectrum: named('the density of the eigenvalues', [], (landscape) =>
    measureAsync(hessianSpectrum({ probes: 3, iterations: 30, seed: SEED }), landscape),
  ),
  line: named('the loss along a direction', ['reach'], (landscape, { reach }) =>
    alongDirections(landscape, ([direction]) =>
      measureAsync(surface1d({ direction: direction!, range: [-reach, reach], points: 41 }), landscape),
    ),
  ),
  surface: named('the loss on a plane', ['points', 'reach'], (landscape, { points, reach }) =>
    alongDirections(landscape, ([one, other]) =>
      measureAsync(surface2d({ directions: [one!, other!], range: [-reach, reach], points }), landscape),
    ),
  ),
};

/** Two filter-normalised directions: the same draw for every network. */
async function alongDirections<R>(
  { weights }: RunLandscape,
  look: (directions: readonly Weights[]) => Promise<R>,
): Promise<R> {
  const access = {
    values: (leaf: tf.Tensor) => leaf.dataSync(),
    shape: (leaf: tf.Tensor) => leaf.shape,
    leaf: (values: Float64Array, shape: readonly number[]) => tf.tensor(Float32Array.from(values), [...shape]),
  };
  const directions = [SEED, SEED + 1].map((seed) => filterNormalisedDirection(weights, access, { seed }));
  try {
    return await look(directions);
  } finally {
    tf.dispose(directions);
  }
}
