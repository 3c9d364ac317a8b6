import { checkNumber } from '@flatmin/core';
import { axesOf, BELOW, besides, type Plot, toPixels } from './axes.ts';
import { areaOf, bandsOf, barOf, levelsOf } from './bands.ts';
import { spotsOn } from './contour-labels.ts';
import { contoursOf } from './contours.ts';
import { type FigureOptions, frameOf, svgOf } from './figure.ts';
import { TEXT } from './look.ts';
import { type LossAxis, type LossOptions, lossAxis, lossKeys } from './losses.ts';
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
import { openPath, type Point } from './paths.ts';
import { inkOn, ramp } from './ramp.ts';
import { linearScale, short } from './scales.ts';
import { type Attribute, element, group, type Markup } from './svg.ts';
import { label, MIDDLE } from './text.ts';

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
      loss.cut === undefined ? undefined : `Grey: losses above ${short(loss.cut)}.`,
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

const rounded = (loss: number): string => short(Number(loss.toPrecision(3)));

interface Levels {
  readonly loss: LossAxis;
  readonly levels: readonly number[];
  /** The colour below the first level, and above each. */
  readonly bands: readonly Attribute[];
}

function mapOf({ axis, losses }: SurfacePanel['surface'], plot: Plot, { loss, levels, bands }: Levels): Markup[] {
  const at = toPixels(plot);
  const grid = {
    xs: axis,
    ys: axis,
    losses: losses.map((row) => row.map((loss) => (Number.isFinite(loss) ? loss : Infinity))),
  };
  const contours = contoursOf(grid, levels, loss.part);
  const [[x0, y0], [x1, y1]] = [at([axis[0]!, axis.at(-1)!]), at([axis.at(-1)!, axis[0]!])];
  const areas = [
    element('rect', { x: x0, y: y0, width: x1 - x0, height: y1 - y0, fill: bands[0] }),
    ...contours.map((contour, i) => element('path', { d: areaOf(contour, at), fill: bands[i + 1] })),
  ];
  const lines = contours.flatMap(({ level, lines }) =>
    lines.map((line) => ({ level, words: short(level), line: line.map(at) })),
  );
  const centred = axis[0]! <= 0 && axis.at(-1)! >= 0 ? [at([0, 0])] : [];
  const spots = spotsOn(lines, [...centred.flatMap(around), ...borderOf(plot)]);
  return [
    group({ 'fill-rule': 'evenodd' }, areas),
    ...lines.map(({ level, line }) =>
      element('path', {
        d: openPath(line),
        fill: 'none',
        stroke: inkOn(loss.part(level)),
        'stroke-opacity': 0.55,
        'stroke-width': 0.8,
      }),
    ),
    ...spots.map(({ index, at: [x, y], turn }) => {
      const { level, words } = lines[index]!;
      const part = loss.part(level);
      const halo = { stroke: ramp(part), 'stroke-width': 5, 'stroke-linejoin': 'round', 'paint-order': 'stroke' };
      // Centred on the line: a turned label turns around its own middle.
      return group({ transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(1)})` }, [
        label([0, MIDDLE * TEXT], words, { 'text-anchor': 'middle', fill: inkOn(part), ...halo }),
      ]);
    }),
    ...centred.map(crossAt),
  ];
}

function crossAt([x, y]: Point): Markup {
  const d = [
    openPath([
      [x - 5, y - 5],
      [x + 5, y + 5],
    ]),
    openPath([
      [x - 5, y + 5],
      [x + 5, y - 5],
    ]),
  ].join('');
  const shape = { d, fill: 'none', 'stroke-linecap': 'round' };
  return group({}, [
    element('path', { ...shape, stroke: '#101214', 'stroke-width': 4.5 }),
    element('path', { ...shape, stroke: '#ffffff', 'stroke-width': 2 }),
  ]);
}

const around = ([x, y]: Point): Point[] => [
  [x, y],
  [x - 6, y],
  [x + 6, y],
];

// Labels keep away from the frame.
function borderOf({ left, top, width, height }: Plot): Point[] {
  const steps = Array.from({ length: 41 }, (_, i) => i / 40);
  return steps.flatMap((part): Point[] => [
    [left + width * part, top],
    [left + width * part, top + height],
    [left, top + height * part],
    [left + width, top + height * part],
  ]);
}
