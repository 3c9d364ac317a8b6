import {
  adaptiveSharpness,
  hessianEigenvalues,
  hessianEigenvectors,
  hessianSpectrum,
  hessianTrace,
  type Measure,
  scope,
  secondOrderTerm,
  sharpness,
  surface1d,
  surface2d,
} from '../index.ts';

// The vector is used on the way and not kept: a line along it, with evaluations that may fail.
const alongTheTop: Measure<unknown> = ({ math, weights }) =>
  scope(math, function* (math, keep) {
    const given = { math, weights, keep };
    const found = yield* hessianEigenvectors({ iterations: 2 })({ ...given, keep: (tree) => tree });
    const [{ value, vector }] = found as [(typeof found)[0]];
    return [value, yield* surface1d({ direction: vector, points: 3 })(given)];
  });

/** Every measure that hands out nothing but numbers, each with four evaluations at least. */
export const measures: readonly (readonly [name: string, what: Measure<unknown>])[] = [
  ['sharpness', sharpness({ ascentSteps: 3 })],
  ['adaptiveSharpness', adaptiveSharpness({ ascentSteps: 3 })],
  ['hessianEigenvalues', hessianEigenvalues({ iterations: 4 })],
  ['hessianEigenvectors', alongTheTop],
  ['hessianSpectrum', hessianSpectrum({ probes: 2, iterations: 3 })],
  ['hessianTrace', hessianTrace({ probes: 3 })],
  ['secondOrderTerm', secondOrderTerm()],
  ['surface1d', (given) => surface1d({ direction: given.weights, points: 5 })(given)],
  ['surface2d', (given) => surface2d({ directions: [given.weights, given.weights], points: 3 })(given)],
];
