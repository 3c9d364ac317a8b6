import { symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolTriangle, symbolWye } from 'd3-shape';
import { type Look, TEXT } from './look.ts';
import { openPath, type Point } from './paths.ts';
import { type Attribute, element, group, type Markup } from './svg.ts';
import { label, MIDDLE, widthOf, wrapped } from './text.ts';

const DASHES = [undefined, '7 3', '2 2.5', '10 3 2 3', '5 2 1.5 2 1.5 2', '14 4'];
const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross, symbolWye];

/** As many series have a colour, a dash and a shape of their own. */
export const MOST_SERIES: number = DASHES.length;

/** How the lines of a series look: told apart by their dashes as well as by their colours. */
export const strokeOf = (index: number, look: Look): Readonly<Record<string, Attribute>> => ({
  fill: 'none',
  stroke: look.series[index],
  'stroke-width': 2,
  'stroke-dasharray': DASHES[index],
  'stroke-linejoin': 'round',
});

/** A mark of a series: of its colour, and of a shape of its own. */
export function markOf(index: number, [x, y]: Point, look: Look): Markup {
  const d = symbol(SHAPES[index], 42)() ?? '';
  const place = `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  return element('path', {
    class: 'flatmin-mark',
    d,
    transform: place,
    fill: look.series[index],
    stroke: look.paper,
    'stroke-width': 0.75,
  });
}

const SAMPLE = 34;
const LINE = 20;

/** The series by name, each with a piece of its line and its mark. */
export function legendOf(
  titles: readonly string[],
  { left, width, look }: { readonly left: number; readonly width: number; readonly look: Look },
): { readonly height: number; readonly markup: readonly Markup[] } {
  let [x, row] = [0, 0];
  const items = titles.map((title, index) => {
    const words = wrapped(title, width - SAMPLE - 8, TEXT, 1)[0] ?? '';
    const wide = SAMPLE + 8 + widthOf(words);
    if (x > 0 && x + wide > width) [x, row] = [0, row + 1];
    const [start, y] = [left + x, LINE * row + 8];
    x += wide + 22;
    return group({}, [
      element('path', {
        ...strokeOf(index, look),
        d: openPath([
          [start, y],
          [start + SAMPLE, y],
        ]),
      }),
      markOf(index, [start + SAMPLE / 2, y], look),
      label([start + SAMPLE + 8, y + MIDDLE * TEXT], words, { fill: look.ink }),
    ]);
  });
  return { height: LINE * (row + 1) + 6, markup: items };
}

/** Refuses no series, and more than can be told apart. */
export function checkSeries(owner: string, series: readonly unknown[]): void {
  if (series.length === 0) throw new RangeError(`${owner}: there are no series; give at least one.`);
  if (series.length > MOST_SERIES)
    throw new RangeError(
      `${owner}: there are ${series.length} series; give at most ${MOST_SERIES}, which can be told apart.`,
    );
}
