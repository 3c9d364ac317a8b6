import { checkNumber } from '@flatmin/core';
import { axesOf, BELOW, besides } from './axes.ts';
import { bandsOf, barOf, levelsOf } from './bands.ts';
import { mapOf } from './contour-map.ts';
import { type FigureOptions, frameOf, svgOf } from './figure.ts';
import { type LossOptions, lossAxis, lossKeys } from './losses.ts';
import { notes } from './notes.ts';
import {
  checkPanels,
  type DirectionOptions,
  directionKeys,
  directionsOf,
  placed,
  rangeOf,
  type SurfacePanel,
} from './panels.ts';
import { linearScale, rounded, short } from './scales.ts';
import { group } from './svg.ts';

/** Options of {@link contourFigure}. */
export interface ContourFigureOptions extends FigureOptions, LossOptions, DirectionOptions {
  /** About how many levels there are, at round losses. Default 10. */
  readonly levels?: number;
}

/**
 * Loss surfaces from above: contours of the same losses, in the same colours, on square axes of the same range.
 *
 * @returns an SVG element
 * @throws RangeError for options that make no sense, and for losses that are not finite without `clip`
 * @example
 * ```ts
 * const svg = contourFigure([{ title: 'SGD', surface: sharp }, { title: 'SAM', surface: wide }], { scale: 'log' });
 * ```
 */
export function contourFigure(panels: readonly SurfacePanel[], options: ContourFigureOptions = {}): string {
  const owner = 'contourFigure';
  const frame = frameOf(owner, 'Contours of the loss', options, [...lossKeys, ...directionKeys, 'levels']);
  const { levels: count = 10 } = options;
  checkNumber(owner, 'levels', count, { min: 1, integer: true });
  checkPanels(owner, panels);
  const surfaces = panels.map(({ surface }) => surface);
  const loss = lossAxis(
    owner,
    surfaces.flatMap(({ losses }) => losses.flat()),
    options,
    count,
  );
  const levels = levelsOf(loss);
  const { names, sentence } = directionsOf(options);
  const scale = linearScale(rangeOf(surfaces), 4);

  const { width, look } = frame;
  const bands = bandsOf(levels, loss, look).map(({ color }) => color);
  const room = { left: besides(scale), right: 8 };
  const { places, height, markup } = placed(
    panels.map(({ title, surface }) => ({ title, subtitle: `✕ loss ${rounded(surface.centre)}` })),
    { width, look, least: 300, heightOf: (each) => each - room.left - room.right + BELOW },
  );
  const maps = places.map(({ left, top, width }, index) => {
    const side = width - room.left - room.right;
    const plot = { left: left + room.left, top, width: side, height: side, x: scale, y: scale };
    return group({}, [...mapOf(surfaces[index]!, plot, { loss, levels, bands }), ...axesOf(plot, names, look, true)]);
  });
  const bar = barOf(levels, loss, { ...barPlace(width), top: height + 16, look });
  const top = height + 16 + bar.height;
  const below = notes(
    [
      loss.cut === undefined ? undefined : `Blank: losses above ${short(loss.cut)}.`,
      sentence,
      '✕ The weights themselves.',
    ],
    { top, width, look },
  );
  const centres = panels.map(({ title, surface }) => `${rounded(surface.centre)} (${title})`);
  const description = `Contours of the loss over a plane through the weights, at the same losses for all: ${levels.map((level) => short(level)).join(', ')}. At the weights it is ${centres.join(', ')}.`;
  return svgOf(frame, top + below.height, description, [...markup, ...maps, ...bar.markup, ...below.markup]);
}

function barPlace(width: number): { readonly left: number; readonly width: number } {
  const long = Math.min(width - 40, 420);
  return { left: (width - long) / 2, width: long };
}
