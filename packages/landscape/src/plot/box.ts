import { type Look, TEXT } from './look.ts';
import { openPath, type Point } from './paths.ts';
import type { Point3, View } from './projection.ts';
import type { Scale } from './scales.ts';
import { element, group, type Markup } from './svg.ts';
import { label, MIDDLE, widthOf } from './text.ts';

/** The axes of a box. */
export interface BoxAxes {
  /** Of both directions. */
  readonly floor: Scale;
  readonly up: Scale;
  readonly names: readonly [string, string];
  readonly upTitle: string;
}

/** Room that labels need around the box, in pixels. */
export const ROOM = { left: 58, right: 34, top: 10, bottom: 44 };

/** The walls and the floor behind what stands in the box, with a line for each tick. */
export function backOf({ floor, up }: BoxAxes, view: View, look: Look): Markup {
  const { a, b } = farSides(view);
  const lines: Point3[][] = [
    ...inside(floor).flatMap((part): Point3[][] => [
      [
        [part, 1 - b, 0],
        [part, b, 0],
        [part, b, 1],
      ],
      [
        [1 - a, part, 0],
        [a, part, 0],
        [a, part, 1],
      ],
    ]),
    ...inside(up).map((part): Point3[] => [
      [1 - a, b, part],
      [a, b, part],
      [a, 1 - b, part],
    ]),
    [
      [1 - a, b, 0],
      [a, b, 0],
      [a, 1 - b, 0],
    ],
    [
      [1 - a, b, 1],
      [a, b, 1],
      [a, 1 - b, 1],
    ],
    [
      [a, b, 0],
      [a, b, 1],
    ],
    [
      [1 - a, b, 0],
      [1 - a, b, 1],
    ],
  ];
  const d = lines.map((line) => openPath(line.map((point) => view.at(point)))).join('');
  return element('path', { d, fill: 'none', stroke: look.rule, 'stroke-width': 1 });
}

/** The three axes in front of it, with ticks, numbers and titles. */
export function frontOf({ floor, up, names, upTitle }: BoxAxes, view: View, look: Look): Markup {
  const { a, b } = farSides(view);
  // Of the two edges at the side, the loss stands at the left one.
  const [left, right]: [Point3, Point3] = [
    [a, 1 - b, 0],
    [1 - a, b, 0],
  ];
  const [sideA, sideB] = view.at(left)[0] < view.at(right)[0] ? left : right;
  const edges: Edge[] = [
    { scale: floor, title: names[0], along: (part) => [part, 1 - b, 0], out: [0, 1 - 2 * b] },
    { scale: floor, title: names[1], along: (part) => [1 - a, part, 0], out: [1 - 2 * a, 0] },
  ];
  return group({}, [
    ...edges.flatMap((edge) => floorEdge(edge, view, look)),
    ...sideEdge(up, upTitle, (part) => view.at([sideA!, sideB!, part]), look),
  ]);
}

interface Edge {
  readonly scale: Scale;
  readonly title: string;
  along(part: number): Point3;
  /** Away from the box. */
  readonly out: readonly [a: number, b: number];
}

const STROKE = { fill: 'none', 'stroke-width': 1 };

function floorEdge({ scale, title, along, out }: Edge, view: View, look: Look): Markup[] {
  const [start, end] = [view.at(along(0)), view.at(along(1))];
  const away = unit(minus(view.at([0.5 + out[0], 0.5 + out[1], 0]), view.at([0.5, 0.5, 0])));
  const off = ([x, y]: Point, by: number): Point => [x + by * away[0], y + by * away[1]];
  const ticks = scale.ticks.map(({ value, label: words }) => {
    const at = view.at(along(scale.part(value)));
    return { at, words };
  });
  const d = [openPath([start, end]), ...ticks.map(({ at }) => openPath([at, off(at, 5)]))].join('');
  const across = normal(minus(end, start), away);
  const reach = Math.max(0, ...ticks.map(({ words }) => widthOf(words))) * Math.abs(across[0]);
  const middle = view.at(along(0.5));
  const by = 26 + reach;
  const [x, y] = [middle[0] + by * across[0], middle[1] + by * across[1] + MIDDLE * TEXT];
  const slope = (Math.atan2(end[1] - start[1], end[0] - start[0]) * 180) / Math.PI;
  const turn = slope > 90 ? slope - 180 : slope < -90 ? slope + 180 : slope;
  return [
    element('path', { ...STROKE, d, stroke: look.muted }),
    ...ticks.map(({ at, words }) => {
      const [tx, ty] = off(at, 13);
      const anchor = away[0] < -0.3 ? 'end' : away[0] > 0.3 ? 'start' : 'middle';
      return label([tx, ty + MIDDLE * TEXT + 2], words, { 'text-anchor': anchor, fill: look.muted });
    }),
    label([x, y], title, { turn, 'text-anchor': 'middle', fill: look.ink }),
  ];
}

function sideEdge(scale: Scale, title: string, at: (part: number) => Point, look: Look): Markup[] {
  const ticks = scale.ticks.map(({ value, label: words }) => ({ at: at(scale.part(value)), words }));
  const d = [
    openPath([at(0), at(1)]),
    ...ticks.map(({ at: [x, y] }) =>
      openPath([
        [x, y],
        [x - 5, y],
      ]),
    ),
  ].join('');
  const widest = Math.max(0, ...ticks.map(({ words }) => widthOf(words)));
  const [x, y] = at(0.5);
  return [
    element('path', { ...STROKE, d, stroke: look.muted }),
    ...ticks.map(({ at: [tx, ty], words }) =>
      label([tx - 9, ty + MIDDLE * TEXT], words, { 'text-anchor': 'end', fill: look.muted }),
    ),
    label([x - widest - 16, y], title, { turn: -90, 'text-anchor': 'middle', fill: look.ink }),
  ];
}

// The sides of the floor that are farther from the viewer.
function farSides(view: View): { readonly a: 0 | 1; readonly b: 0 | 1 } {
  return {
    a: view.nearness(1, 0.5) > view.nearness(0, 0.5) ? 0 : 1,
    b: view.nearness(0.5, 1) > view.nearness(0.5, 0) ? 0 : 1,
  };
}

const inside = ({ ticks, part }: Scale): number[] => ticks.map(({ value }) => part(value));
const minus = ([x, y]: Point, [u, v]: Point): Point => [x - u, y - v];
// At right angles to a line, on this side of it.
const normal = ([x, y]: Point, [u, v]: Point): Point => unit(u * -y + v * x > 0 ? [-y, x] : [y, -x]);
const unit = ([x, y]: Point): Point => [x / Math.hypot(x, y), y / Math.hypot(x, y)];
