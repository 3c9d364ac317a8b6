import { pairs } from 'd3-array';
import type { Plot } from './axes.ts';
import { aroundPoint, besideArrow, placesFor, type Wanted } from './label-places.ts';
import { type Look, TEXT } from './look.ts';
import type { Point } from './paths.ts';
import type { RecordedUpdate, RecordedUpdates } from './record-updates.ts';
import type { Markup } from './svg.ts';
import { label, MIDDLE, type Span } from './text.ts';
import type { Problem2d } from './valley.ts';

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

interface Labels {
  readonly plot: Plot;
  readonly look: Look;
  readonly descent: string;
  readonly gradient: Problem2d['gradient'] | undefined;
}

/** The symbols of the paper at the first update's points, and at its arrows the formulas that are true of them. */
export function labelsOf(
  { updates, learningRate }: RecordedUpdates,
  at: ToPixels,
  { plot, look, descent: name, gradient }: Labels,
): Markup[] {
  const { from, climb, to, descent } = updates[0]!;
  const far = climb.at(-1);
  const climbs = gradient !== undefined && climb.length === 1 && isAlong(minus(far!, from), gradient(from));
  const steps = gradient !== undefined && isScaled(minus(to, from), -learningRate, gradient(far ?? from));
  const around = (point: Point, words: Span[]): Wanted => ({ words, places: aroundPoint(at(point), words) });
  const beside = (end: Point, words: Span[]): Wanted => ({ words, places: besideArrow(at(from), at(end), words) });
  const minusEta: Span[] = [{ text: '−' }, italic('η')];
  const normalised = [italic('ρ'), ...gradientAt('t'), { text: '/‖' }, ...gradientAt('t'), { text: '‖' }];
  const wanted = [
    around(from, weights('t')),
    ...(far === undefined ? [] : [around(far, weights('adv'))]),
    around(to, weights('t+1')),
    ...(climbs ? [beside(far!, normalised)] : []),
    ...(steps ? [beside(to, [...minusEta, ...gradientAt(far === undefined ? 't' : 'adv')])] : []),
    ...(far === undefined ? [] : [beside(descent, [...minusEta, ...gradientAt('t'), { text: ` (${name})` }])]),
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

// Differences of recorded points are good to far more digits than this, and no picture shows as many.
const NEAR = 1e-6;

const minus = ([x, y]: Point, [u, v]: Point): Point => [x - u, y - v];

/** a = cb for some c > 0 */
function isAlong([x, y]: Point, [u, v]: Point): boolean {
  return x * u + y * v > 0 && Math.abs(x * v - y * u) <= NEAR * Math.hypot(x, y) * Math.hypot(u, v);
}

/** a = cb */
function isScaled([x, y]: Point, c: number, [u, v]: Point): boolean {
  return Math.hypot(x - c * u, y - c * v) <= NEAR * Math.hypot(c * u, c * v);
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
