import { pairs } from 'd3-array';
import type { Plot } from './axes.ts';
import { aroundPoint, besideArrow, placesFor, type Wanted } from './label-places.ts';
import { type Look, TEXT } from './look.ts';
import type { Point } from './paths.ts';
import type { RecordedUpdate } from './record-updates.ts';
import type { Markup } from './svg.ts';
import { label, MIDDLE, type Span } from './text.ts';

type ToPixels = (point: Point) => Point;

const italic = (text: string): Span => ({ text, italic: true });
const weights = (index: string): Span[] => [
  italic('w'),
  { text: index, sub: true, ...(index === 'adv' ? {} : { italic: true }) },
];
const gradientAt = (index: string): Span[] => [
  { text: '∇' },
  italic('L'),
  { text: '(' },
  ...weights(index),
  { text: ')' },
];

/** The symbols of the paper at the first update's points and arrows. */
export function labelsOf(
  updates: readonly RecordedUpdate[],
  at: ToPixels,
  { plot, look, descent: name }: { readonly plot: Plot; readonly look: Look; readonly descent: string },
): Markup[] {
  const { from, climb, to, descent } = updates[0]!;
  const far = climb.at(-1);
  const around = (point: Point, words: Span[]): Wanted => ({ words, places: aroundPoint(at(point), words) });
  const beside = (end: Point, words: Span[]): Wanted => ({ words, places: besideArrow(at(from), at(end), words) });
  const minus: Span[] = [{ text: '−' }, italic('η')];
  const normalised = [italic('ρ'), ...gradientAt('t'), { text: '/‖' }, ...gradientAt('t'), { text: '‖' }];
  const wanted = [
    around(from, weights('t')),
    ...(far === undefined ? [] : [around(far, weights('adv'))]),
    around(to, weights('t+1')),
    ...(climb.length === 1 ? [beside(far!, normalised)] : []),
    beside(to, [...minus, ...gradientAt(far === undefined ? 't' : 'adv')]),
    ...(far === undefined ? [] : [beside(descent, [...minus, ...gradientAt('t'), { text: ` (${name})` }])]),
  ];
  const places = placesFor(
    wanted,
    updates.flatMap((update) => obstaclesOf(update, at)),
    { x: plot.left, y: plot.top, width: plot.width, height: plot.height },
  );
  return wanted.map(({ words }, index) => {
    const [x, y] = places[index]!;
    const halo = {
      stroke: look.paper,
      'stroke-width': 4,
      'stroke-opacity': 0.85,
      'stroke-linejoin': 'round',
      'paint-order': 'stroke',
    };
    return label([x, y + MIDDLE * TEXT], words, { 'text-anchor': 'middle', fill: look.ink, ...halo });
  });
}

// What labels should not lie on: points along all arrows.
function obstaclesOf({ from, climb, to, descent }: RecordedUpdate, at: ToPixels): Point[] {
  const far = climb.at(-1) ?? from;
  const copy: Point = [far[0] + to[0] - from[0], far[1] + to[1] - from[1]];
  const lines = [[from, to], [from, descent], [far, copy], ...pairs([from, ...climb])] as const;
  return lines.flatMap(([one, other]) => {
    const [[x0, y0], [x1, y1]] = [at(one), at(other)];
    return Array.from({ length: 41 }, (_, i): Point => [x0 + ((x1 - x0) * i) / 40, y0 + ((y1 - y0) * i) / 40]);
  });
}
