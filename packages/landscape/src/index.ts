/**
 * Measures of flatness over any backend: sharpness, the Hessian's eigenvalues, spectrum and trace, loss surfaces, what
 * SAM drops, and the PAC-Bayes bound.
 *
 * @packageDocumentation
 */
export { type AdaptiveSharpnessOptions, adaptiveSharpness } from './adaptive-sharpness.ts';
export type { Ascended } from './ascent.ts';
export {
  type FilterAxes,
  type FilterNormalisedOptions,
  filterNormalisedDirection,
  type HostAccess,
} from './filter-normalised-direction.ts';
export {
  type HessianEigenvalue,
  type HessianEigenvalues,
  type HessianEigenvaluesOptions,
  type HessianEigenvector,
  hessianEigenvalues,
  hessianEigenvectors,
} from './hessian-eigenvalues.ts';
export {
  type HessianSpectrum,
  type HessianSpectrumOptions,
  hessianSpectrum,
  type Quadrature,
} from './hessian-spectrum.ts';
export { type HessianTrace, type HessianTraceOptions, hessianTrace, type ProbeDistribution } from './hessian-trace.ts';
export {
  type AsyncLandscape,
  type Given,
  type Landscape,
  type Measure,
  measure,
  measureAsync,
} from './measure.ts';
export type { DifferenceOptions } from './options.ts';
export { describePacBayes, type PacBayesBound, type PacBayesInput, pacBayes } from './pac-bayes.ts';
export { type PacBayesBoundOptions, pacBayesBound } from './pac-bayes-bound.ts';
export { type Keep, scope } from './scope.ts';
export { type SecondOrderTerm, type SecondOrderTermOptions, secondOrderTerm } from './second-order-term.ts';
export { type Sharpness, type SharpnessOptions, sharpness } from './sharpness.ts';
export { type SpectralDensity, type SpectralDensityOptions, spectralDensity } from './spectral-density.ts';
export {
  type Surface1d,
  type Surface1dOptions,
  type Surface2d,
  type Surface2dOptions,
  type SurfaceOptions,
  surface1d,
  surface2d,
} from './surface.ts';
