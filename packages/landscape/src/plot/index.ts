/**
 * Figures of what the measures return, as SVG: loss surfaces in three dimensions and from above, sections, spectra of
 * the Hessian, and an update of a variant as it was computed.
 *
 * Each is a function from plain data to a string: one SVG element without scripts and references, readable without
 * colour and without sight.
 *
 * @packageDocumentation
 */
export { type ContourFigureOptions, contourFigure } from './contour-figure.ts';
export type { FigureOptions } from './figure.ts';
export { type LineFigureOptions, type LineSeries, lineFigure } from './line-figure.ts';
export type { Scheme } from './look.ts';
export type { LossOptions } from './losses.ts';
export type { DirectionOptions, SurfacePanel } from './panels.ts';
export type { Point } from './paths.ts';
export {
  type RecordedUpdate,
  type RecordedUpdates,
  type RecordUpdatesOptions,
  recordUpdates,
} from './record-updates.ts';
export { type SpectrumFigureOptions, type SpectrumSeries, spectrumFigure } from './spectrum-figure.ts';
export { type SurfaceFigureOptions, surfaceFigure } from './surface-figure.ts';
export { type UpdateSchematicOptions, updateSchematic } from './update-schematic.ts';
export { type Problem2d, valley } from './valley.ts';
