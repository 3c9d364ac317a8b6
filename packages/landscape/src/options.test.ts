import { describe, expect, it } from 'vitest';
import {
  adaptiveSharpness,
  filterNormalisedDirection,
  hessianEigenvalues,
  hessianEigenvectors,
  hessianSpectrum,
  hessianTrace,
  pacBayes,
  pacBayesBound,
  secondOrderTerm,
  sharpness,
  surface1d,
  surface2d,
} from './index.ts';

const direction: { w: Float64Array } = { w: Float64Array.of(1) };
const filterNormalised = (options: object): unknown =>
  filterNormalisedDirection<Float64Array, typeof direction>(
    direction,
    { values: (x) => x, shape: () => [1], leaf: (x) => x },
    options,
  );

describe('options', () => {
  it.each<[(options: never) => unknown, object, string]>([
    [sharpness, { rh0: 1 }, 'sharpness: there is no option rh0; the options are rho, ascentSteps.'],
    [sharpness, { rho: 0 }, 'sharpness: rho is 0; give a finite number above 0.'],
    [sharpness, { ascentSteps: 0 }, 'sharpness: ascentSteps is 0; give an integer of at least 1.'],
    [adaptiveSharpness, { eta: -1 }, 'adaptiveSharpness: eta is -1; give a finite number of at least 0.'],
    [
      adaptiveSharpness,
      { adaptive: ['kernel'] },
      'adaptiveSharpness: adaptive is ["kernel"]; give a pattern of paths, a list of the roles weight, bias, gamma, beta, or a function.',
    ],
    [hessianEigenvalues, { count: 0 }, 'hessianEigenvalues: count is 0; give an integer of at least 1.'],
    [
      hessianEigenvalues,
      { count: 5, iterations: 4 },
      'hessianEigenvalues: iterations is 4; give an integer of at least 5.',
    ],
    [hessianEigenvalues, { h: 0 }, 'hessianEigenvalues: h is 0; give a finite number above 0.'],
    [
      hessianEigenvectors,
      { H: 1 },
      'hessianEigenvectors: there is no option H; the options are count, iterations, seed, h.',
    ],
    [hessianSpectrum, { iterations: 1.5 }, 'hessianSpectrum: iterations is 1.5; give an integer of at least 1.'],
    [hessianSpectrum, { seed: 0.5 }, 'hessianSpectrum: seed is 0.5; give an integer.'],
    [hessianTrace, { probes: 0 }, 'hessianTrace: probes is 0; give an integer of at least 1.'],
    [hessianTrace, { h: null }, 'hessianTrace: h is null; give a finite number above 0.'],
    [
      hessianTrace,
      { distribution: 'uniform' },
      "hessianTrace: distribution is \"uniform\"; give 'rademacher' or 'normal'.",
    ],
    [secondOrderTerm, { rho: -1 }, 'secondOrderTerm: rho is -1; give a finite number above 0.'],
    [pacBayesBound, {}, 'pacBayesBound: samples is undefined; give an integer of at least 2.'],
    [pacBayesBound, { samples: 10, delta: 1 }, 'pacBayesBound: delta is 1; give a finite number above 0 and below 1.'],
    [
      pacBayes,
      { parameters: 1, samples: 10, weightNorm: 1, rho: 1, sharpLoss: 2 },
      'pacBayes: sharpLoss is 2; give a finite number of at least 0 and of at most 1.',
    ],
    [
      surface1d,
      { direction, step: 1 },
      'surface1d: there is no option step; the options are direction, range, points.',
    ],
    [surface1d, {}, 'surface1d: direction is undefined; give a tree like the weights.'],
    [surface1d, { direction, range: 1 }, 'surface1d: range is 1; give two numbers, from and to.'],
    [surface1d, { direction, points: 1 }, 'surface1d: points is 1; give an integer of at least 2.'],
    [surface1d, { direction, range: [1, 1] }, 'surface1d: range[1] is 1; give a finite number above 1.'],
    [
      surface2d,
      { directions: [direction, direction], range: [Number.NaN, 1] },
      'surface2d: range[0] is NaN; give a finite number.',
    ],
    [surface2d, {}, 'surface2d: directions is undefined; give a list of two trees like the weights.'],
    [
      surface2d,
      { directions: [direction] },
      'surface2d: directions is a list of 1; give a list of two trees like the weights.',
    ],
    [
      surface2d,
      { directions: [direction, undefined] },
      'surface2d: directions[1] is undefined; give a tree like the weights.',
    ],
    [surface2d, { direction }, 'surface2d: there is no option direction; the options are directions, range, points.'],
    [
      filterNormalised,
      { filterAxis: 2 },
      "filterNormalisedDirection: filterAxis is 2; give 'last', 'first' or a function of path and shape.",
    ],
    [filterNormalised, { seed: 0.5 }, 'filterNormalisedDirection: seed is 0.5; give an integer.'],
    [
      filterNormalised,
      { vectors: 'none' },
      "filterNormalisedDirection: vectors is \"none\"; give 'zero' or 'normalised'.",
    ],
  ])('%o %o are refused in a sentence', (make, options, sentence) => {
    expect(() => make(options as never)).toThrow(new RangeError(sentence));
  });
});
