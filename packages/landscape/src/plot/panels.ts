import { extent } from 'd3-array';
import type { Surface2d } from '../surface.ts';
import { type Look, TITLE } from './look.ts';
import type { Point } from './paths.ts';
import type { Markup } from './svg.ts';
import { label, wrapped } from './text.ts';

/** A surface, and what is written above it. */
export interface SurfacePanel {
  /** At most two lines; more is left out. */
  readonly title: string;
  /** What `surface2d` measures. */
  readonly surface: Surface2d;
}

/** Options that tell what the directions of a surface are. */
export interface DirectionOptions {
  /** What the two axes are called. Default `Direction 1`, `Direction 2`. */
  readonly directions?: readonly [string, string];
  /**
   * In what their lengths are, for the line below the figure: `filter-normalised lengths`. Default: nothing is said, for
   * a surface does not tell along what it was measured.
   */
  readonly unit?: string;
}

/** The names of these options. */
export const directionKeys = ['directions', 'unit'] as const;

/** These options, filled in. */
export function directionsOf({ directions = ['Direction 1', 'Direction 2'], unit }: DirectionOptions): {
  readonly names: readonly [string, string];
  readonly sentence: string | undefined;
} {
  return {
    names: directions,
    sentence: unit === undefined ? undefined : `Directions in ${unit}.`,
  };
}

/** Refuses what is no surface. */
export function checkPanels(owner: string, panels: readonly SurfacePanel[]): void {
  if (panels.length === 0) throw new RangeError(`${owner}: there are no panels; give at least one.`);
  for (const { title, surface } of panels) {
    checkAxis(owner, title, surface.axis);
    const { length } = surface.axis;
    if (surface.losses.length !== length || surface.losses.some((row) => row.length !== length))
      throw new RangeError(
        `${owner}: "${title}" has no loss for each two of its ${length} points; give the rows of surface2d.`,
      );
  }
}

/** Refuses an axis that does not ascend. */
export function checkAxis(owner: string, title: string, axis: readonly number[]): void {
  const ascends = axis.every((a, i) => Number.isFinite(a) && (i === 0 || a > axis[i - 1]!));
  if (axis.length < 2 || !ascends)
    throw new RangeError(`${owner}: the axis of "${title}" does not ascend; give at least two numbers that do.`);
}

/** Whether the weights are within the axes of a surface; they need not be among its points. */
export const hasCentre = ({ axis }: Surface2d): boolean => axis[0]! <= 0 && axis.at(-1)! >= 0;

/** The range of the axes of all panels together. */
export const rangeOf = (panels: readonly { readonly axis: readonly number[] }[]): [number, number] =>
  extent(panels.flatMap(({ axis }) => [axis[0]!, axis.at(-1)!])) as [number, number];

/** A panel's place: `top` is below its title. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What is written above a panel. */
export interface Head {
  readonly title: string;
  readonly subtitle: string;
}

const GAP = 24;
const LINE = 18;

/** A panel is no wider than this. */
const MOST = 480;

/** Panels side by side, as many as there is room for, with their titles. Panels are at least `least` wide. */
export function placed(
  heads: readonly Head[],
  { width, look, least, heightOf }: PlacedOptions,
): { readonly places: readonly Place[]; readonly height: number; readonly markup: readonly Markup[] } {
  const columns = Math.min(heads.length, Math.max(1, Math.floor((width + GAP) / (least + GAP))));
  const each = Math.min(MOST, (width - GAP * (columns - 1)) / columns);
  const start = (width - columns * each - GAP * (columns - 1)) / 2;
  // Bold letters are wider by about a tenth.
  const lines = heads.map(({ title }) => wrapped(title, each - 8, 1.1 * TITLE, 2));
  const places: Place[] = [];
  const markup: Markup[] = [];
  let y = 0;
  for (let first = 0; first < heads.length; first += columns) {
    const row = lines.slice(first, first + columns);
    const most = Math.max(...row.map(({ length }) => length));
    const head = (most + 1) * LINE + 6;
    for (const [column, words] of row.entries()) {
      const left = start + column * (each + GAP);
      places.push({ left, top: y + head, width: each, height: heightOf(each) });
      const at = (line: number): Point => [left + each / 2, y + LINE * (line + 1) - 4];
      words.forEach((line, i) => {
        const style = { size: TITLE, 'font-weight': 600, 'text-anchor': 'middle', fill: look.ink };
        markup.push(label(at(most - words.length + i), line, style));
      });
      const { subtitle } = heads[first + column]!;
      markup.push(label(at(most), subtitle, { 'text-anchor': 'middle', fill: look.muted }));
    }
    y += head + heightOf(each) + (first + columns < heads.length ? GAP : 0);
  }
  return { places, height: y, markup };
}

interface PlacedOptions {
  readonly width: number;
  readonly look: Look;
  readonly least: number;
  readonly heightOf: (width: number) => number;
}
