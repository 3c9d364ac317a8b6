import type { Surface2d } from '../surface.ts';
import { type Plot, toPixels } from './axes.ts';
import { areaOf } from './bands.ts';
import { spotsOn } from './contour-labels.ts';
import { contoursOf } from './contours.ts';
import { TEXT } from './look.ts';
import type { LossAxis } from './losses.ts';
import { hasCentre } from './panels.ts';
import { openPath, type Point } from './paths.ts';
import { inkOn, ramp } from './ramp.ts';
import { short } from './scales.ts';
import { type Attribute, element, group, type Markup } from './svg.ts';
import { label, MIDDLE } from './text.ts';

/** What all maps of a figure have in common. */
export interface Levels {
  readonly loss: LossAxis;
  readonly levels: readonly number[];
  /** The colour below the first level, and above each. */
  readonly bands: readonly Attribute[];
}

/** A surface from above: filled contours, their lines with labels, and a cross at the weights. */
export function mapOf(surface: Surface2d, plot: Plot, { loss, levels, bands }: Levels): Markup[] {
  const { axis, losses } = surface;
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
  const centred = hasCentre(surface) ? [at([0, 0])] : [];
  const spots = spotsOn(lines, [...centred.flatMap(around), ...borderOf(plot)]);
  return [
    group({ class: 'flatmin-loss', 'fill-rule': 'evenodd' }, areas),
    ...lines.map(({ level, line }) =>
      element('path', {
        class: 'flatmin-contour',
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
  const diagonal = (down: 1 | -1): string => openPath([-5, 5].map((by): Point => [x + by, y + down * by]));
  const d = diagonal(1) + diagonal(-1);
  const shape = { d, fill: 'none', 'stroke-linecap': 'round' };
  return group({ class: 'flatmin-centre' }, [
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
