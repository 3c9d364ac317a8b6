import { pairs } from 'd3-array';
import { apart } from './axes.ts';
import type { Contour } from './contours.ts';
import { type Look, TEXT } from './look.ts';
import type { LossAxis } from './losses.ts';
import { closedPath, openPath } from './paths.ts';
import { ramp } from './ramp.ts';
import { short } from './scales.ts';
import { type Attribute, element, type Markup } from './svg.ts';
import { label } from './text.ts';

/** The levels of contours: round numbers within the axis, and where it is cut. */
export const levelsOf = ({ ticks, part, cut }: LossAxis): number[] => [
  ...ticks.map(({ value }) => value).filter((value) => part(value) > 1e-6 && part(value) < 1 - 1e-6),
  ...(cut === undefined ? [] : [cut]),
];

/** What lies between two levels. */
interface Band {
  readonly from: number;
  readonly to: number;
  /** That of its middle; blank above where the axis is cut. */
  readonly color: Attribute;
}

// Above the cut, in parts of the axis: a little more of the bar.
const BEYOND = 1.05;

/** The bands between levels, from what is below the first level, as parts of the axis. */
export function bandsOf(levels: readonly number[], axis: LossAxis, look: Look): Band[] {
  const edges = [0, ...levels.map((level) => axis.part(level)), axis.cut === undefined ? 1 : BEYOND];
  return pairs(edges).map(([from, to]) => ({ from, to, color: to > 1 ? look.paper : ramp((from + to) / 2) }));
}

/** The colours of all bands with their levels, as a bar as long as the axis of the loss. */
export function barOf(
  levels: readonly number[],
  axis: LossAxis,
  {
    left,
    top,
    width,
    look,
  }: { readonly left: number; readonly top: number; readonly width: number; readonly look: Look },
): { readonly height: number; readonly markup: readonly Markup[] } {
  const x = (part: number): number => left + width * part;
  const bar = { y: top + TEXT + 8, height: 12 };
  const bottom = bar.y + bar.height;
  const bands = bandsOf(levels, axis, look).map(({ from, to, color }) =>
    element('rect', {
      ...bar,
      x: x(from),
      width: width * (to - from),
      fill: color,
      stroke: to > 1 ? look.rule : undefined,
    }),
  );
  const ticks = levels.map((value) => ({ value, label: short(value), at: [x(axis.part(value)), bottom] as const }));
  const marks = ticks.map(({ at: [place] }) =>
    openPath([
      [place, bottom],
      [place, bottom + 4],
    ]),
  );
  return {
    height: 2 * TEXT + 40,
    markup: [
      label([left + width / 2, top + TEXT - 2], axis.title, { 'text-anchor': 'middle' }),
      ...bands,
      element('path', { d: marks.join(''), stroke: look.muted, fill: 'none' }),
      ...apart(ticks).map(({ at: [place], label: words }) =>
        label([place, bottom + 6 + TEXT], words, { fill: look.muted, 'text-anchor': 'middle' }),
      ),
    ],
  };
}

/** The `d` of what is at least as high as a contour. */
export const areaOf = (
  { rings }: Contour,
  at: (point: readonly [number, number]) => readonly [number, number],
): string => rings.map((ring) => closedPath(ring.map(at))).join('');
