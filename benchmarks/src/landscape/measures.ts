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

/** A measure by name: one line of what it is, what it depends on, and how it is taken. */
export interface NamedMeasure<R> {
  readonly description: string;
  /** Options. */
  readonly depends: readonly (keyof MeasureOptions)[];
  /** What no option decides: kept with the measure, which is taken anew where they change. */
  readonly settings: Readonly<Record<string, number>>;
  take(landscape: RunLandscape, options: MeasureOptions): Promise<R>;
}

/** Every seed of a random draw here; directions have this and the next. */
const SEED = 1;

const named = <R, S extends Readonly<Record<string, number>>>(
  description: string,
  depends: readonly (keyof MeasureOptions)[],
  settings: S,
  take: (landscape: RunLandscape, given: MeasureOptions & S) => Promise<R>,
): NamedMeasure<R> => ({
  description,
  depends: ['images', ...depends],
  settings,
  take: (landscape, options) => take(landscape, { ...options, ...settings }),
});

/** All measures, the cheap ones first. */
export const measures: { readonly [Name in MeasureName]: NamedMeasure<Measured[Name]> } = {
  sharpness: named('L(w + ρĝ) − L(w)', ['rho'], {}, (landscape, { rho }) =>
    measureAsync(sharpness({ rho }), landscape),
  ),
  adaptiveSharpness: named("the same in ASAM's metric", ['adaptiveRho'], {}, (landscape, { adaptiveRho }) =>
    measureAsync(adaptiveSharpness({ rho: adaptiveRho }), landscape),
  ),
  secondOrderTerm: named('the term of the gradient that SAM drops', ['rho'], {}, (landscape, { rho }) =>
    measureAsync(secondOrderTerm({ rho }), landscape),
  ),
  pacBayes: named('the PAC-Bayes bound of the 0–1 loss', ['rho'], {}, (landscape, { rho, images }) =>
    measureAsync(pacBayesBound({ rho, samples: images }), { ...landscape, loss: landscape.errors }),
  ),
  eigenvalues: named(
    'the five largest eigenvalues of the Hessian',
    [],
    { count: 5, iterations: 30, seed: SEED },
    (landscape, { count, iterations, seed }) =>
      measureAsync(hessianEigenvalues({ count, iterations, seed }), landscape),
  ),
  trace: named('the trace of the Hessian', [], { probes: 20, seed: SEED }, (landscape, { probes, seed }) =>
    measureAsync(hessianTrace({ probes, seed }), landscape),
  ),
  spectrum: named(
    'the density of the eigenvalues',
    [],
    { probes: 3, iterations: 30, seed: SEED },
    (landscape, { probes, iterations, seed }) => measureAsync(hessianSpectrum({ probes, iterations, seed }), landscape),
  ),
  line: named(
    'the loss along a direction',
    ['reach'],
    { linePoints: 41, seed: SEED },
    (landscape, { reach, linePoints: points, seed }) =>
      alongDirections(landscape, seed, ([direction]) =>
        measureAsync(surface1d({ direction: direction!, range: [-reach, reach], points }), landscape),
      ),
  ),
  surface: named('the loss on a plane', ['points', 'reach'], { seed: SEED }, (landscape, { points, reach, seed }) =>
    alongDirections(landscape, seed, ([one, other]) =>
      measureAsync(surface2d({ directions: [one!, other!], range: [-reach, reach], points }), landscape),
    ),
  ),
};

/** Two filter-normalised directions: the same draw for every network. */
async function alongDirections<R>(
  { weights }: RunLandscape,
  seed: number,
  look: (directions: readonly Weights[]) => Promise<R>,
): Promise<R> {
  const access = {
    values: (leaf: tf.Tensor) => leaf.dataSync(),
    shape: (leaf: tf.Tensor) => leaf.shape,
    leaf: (values: Float64Array, shape: readonly number[]) => tf.tensor(Float32Array.from(values), [...shape]),
  };
  const directions: Weights[] = [];
  try {
    for (const one of [seed, seed + 1]) directions.push(filterNormalisedDirection(weights, access, { seed: one }));
    return await look(directions);
  } finally {
    tf.dispose(directions);
  }
}
