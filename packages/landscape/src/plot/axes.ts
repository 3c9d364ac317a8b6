import { type Look, TEXT } from './look.ts';
import { openPath, type Point } from './paths.ts';
import type { Scale } from './scales.ts';
import { element, type Markup } from './svg.ts';
import { label, MIDDLE, widthOf } from './text.ts';

/** A rectangle of the figure with an axis below and one at the left. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
  /** How far below the plot its horizontal axis is. Default 0. */
  readonly foot?: number;
}

/** From values to pixels. */
export const toPixels =
  ({ left, top, width, height, x, y }: Plot) =>
  ([a, b]: Point): Point => [left + width * x.part(a), top + height * (1 - y.part(b))];

/** Room that numbers and a title need below a plot. */
export const BELOW = 42;

/** Room that numbers and a title need at the left of a plot. */
export const besides = ({ ticks }: Scale): number => Math.max(0, ...ticks.map(({ label }) => widthOf(label))) + 32;

/** Lines across the plot, one for each tick of the left axis. */
export function gridOf(plot: Plot, look: Look): Markup {
  const at = toPixels(plot);
  const { x, y } = plot;
  const d = y.ticks.map(({ value }) => openPath([at([x.domain[0], value]), at([x.domain[1], value])])).join('');
  return element('path', { d, fill: 'none', stroke: look.rule });
}

/** The ticks, numbers and titles of both axes; `frame` draws the whole rectangle, not the two axes alone. */
export function axesOf(plot: Plot, titles: readonly [x: string, y: string], look: Look, frame = false): Markup[] {
  const { left, top, width, height, x, y, foot = 0 } = plot;
  const at = toPixels(plot);
  const [right, bottom] = [left + width, top + height + foot];
  const xs = x.ticks.map(({ value, label }) => ({ value, label, at: [left + width * x.part(value), bottom] as const }));
  const ys = y.ticks.map((tick) => ({ ...tick, at: at([x.domain[0], tick.value]) }));
  const corners: Point[] = [
    [left, top],
    [left, bottom],
    [right, bottom],
    ...(frame
      ? ([
          [right, top],
          [left, top],
        ] as const)
      : []),
  ];
  const ticks = [
    ...xs.map(({ at: [a, b] }) =>
      openPath([
        [a, b],
        [a, b + 4],
      ]),
    ),
    ...ys.map(({ at: [a, b] }) =>
      openPath([
        [a, b],
        [a - 4, b],
      ]),
    ),
  ];
  const muted = { fill: look.muted };
  return [
    element('path', { d: [openPath(corners), ...ticks].join(''), fill: 'none', stroke: look.muted }),
    ...apart(xs).map(({ at: [a, b], label: words }) =>
      label([a, b + 8 + TEXT], words, { ...muted, 'text-anchor': 'middle' }),
    ),
    ...ys.map(({ at: [a, b], label: words }) =>
      label([a - 8, b + MIDDLE * TEXT], words, { ...muted, 'text-anchor': 'end' }),
    ),
    label([left + width / 2, bottom + BELOW - 4], titles[0], { 'text-anchor': 'middle' }),
    label([left - besides(y) + TEXT - 2, top + height / 2], titles[1], { turn: -90, 'text-anchor': 'middle' }),
  ];
}

/** Numbers that would touch are left out: zero stays, and then what is farther from it. */
export function apart<T extends { readonly value: number; readonly label: string; readonly at: Point }>(
  ticks: readonly T[],
): T[] {
  const urgency = ({ value }: T): number => (value === 0 ? Infinity : Math.abs(value));
  const kept: T[] = [];
  for (const tick of [...ticks].sort((one, other) => urgency(other) - urgency(one))) {
    const touches = (other: T): boolean =>
      Math.abs(tick.at[0] - other.at[0]) < (widthOf(tick.label) + widthOf(other.label)) / 2 + 6;
    if (!kept.some(touches)) kept.push(tick);
  }
  return kept;
}
