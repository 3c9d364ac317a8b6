import {
  hessianEigenvalues,
  hessianSpectrum,
  type Landscape,
  measure,
  type Surface2d,
  spectralDensity,
} from '@flatmin/landscape';
import { contourFigure, type SpectrumSeries, spectrumFigure, surfaceFigure } from '@flatmin/landscape/plot';
import type * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './landscape.ts';

/** Surfaces of several networks, with one scale of the loss: in three dimensions, and from above. */
export function surfaceFigures(panels: readonly { title: string; surface: Surface2d }[]): string[] {
  const unit = 'filter-normalised lengths: 1 is as long as the weights, filter by filter';
  return [surfaceFigure(panels, { clip: 5, unit }), contourFigure(panels, { scale: 'log', clip: 5, unit })];
}

/** The spectrum of a network's Hessian; of all networks in a figure with one width, or the wider bells look wider. */
export function spectrum(title: string, landscape: Landscape<tf.Tensor, Weights>, width: number): SpectrumSeries {
  const density = spectralDensity(measure(hessianSpectrum({ probes: 5 }), landscape), { width });
  const { eigenvalues } = measure(hessianEigenvalues({ count: 5 }), landscape);
  return { title, density, eigenvalues: eigenvalues.map(({ value }) => value) };
}

/** Spectra of several networks, drawn for a screen and for a phone. */
export function spectrumFigures(spectra: readonly SpectrumSeries[]): string[] {
  return [760, 360].map((width) => spectrumFigure(spectra, { scale: 'symlog', width }));
}
