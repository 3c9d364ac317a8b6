import { TEXT } from './look.ts';
import type { Point } from './paths.ts';
import { type Words, widthOf } from './text.ts';

/** A label, and the places it may have, the best first. */
export interface Wanted {
  readonly words: Words;
  /** Middles of the label. */
  readonly places: readonly Point[];
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A place for each label: within the bounds, away from those before it, and on as few of the `obstacles` as there can be.
 */
export function placesFor(wanted: readonly Wanted[], obstacles: readonly Point[], bounds: Box): Point[] {
  const taken: Box[] = [];
  return wanted.map(({ words, places }) => {
    const boxes = places.map((place) => boxAround(place, words));
    const costs = boxes.map((box, rank) => cost(box, taken, obstacles, bounds) + 0.01 * rank);
    const best = costs.indexOf(Math.min(...costs));
    taken.push(boxes[best]!);
    return places[best]!;
  });
}

/** Places beside an arrow, on both sides of it. */
export function besideArrow([x0, y0]: Point, [x1, y1]: Point, words: Words): Point[] {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [nx, ny] = [-(y1 - y0) / length, (x1 - x0) / length];
  const away = (Math.abs(nx) * widthOf(words) + Math.abs(ny) * HEIGHT) / 2 + 5;
  return [0.5, 0.38, 0.62, 0.25, 0.75, 0.1, 0.9].flatMap((part) =>
    [1, -1].map((side): Point => [x0 + part * (x1 - x0) + side * away * nx, y0 + part * (y1 - y0) + side * away * ny]),
  );
}

/** Places around a point. */
export function aroundPoint([x, y]: Point, words: Words): Point[] {
  const [dx, dy] = [widthOf(words) / 2 + 8, HEIGHT / 2 + 7];
  const sides: readonly Point[] = [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
    [-0.9, -0.8],
    [0.9, -0.8],
    [-0.9, 0.8],
    [0.9, 0.8],
  ];
  return sides.map(([u, v]) => [x + u * dx, y + v * dy]);
}

const HEIGHT = TEXT + 5;

function boxAround([x, y]: Point, words: Words): Box {
  const width = widthOf(words);
  return { x: x - width / 2, y: y - HEIGHT / 2, width, height: HEIGHT };
}

function cost(box: Box, taken: readonly Box[], obstacles: readonly Point[], bounds: Box): number {
  const shared = taken.reduce((sum, other) => sum + overlap(box, other), 0);
  const outside = box.width * box.height - overlap(box, bounds);
  const hit = obstacles.filter(([x, y]) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height);
  return 10 * shared + 10 * outside + hit.length;
}

function overlap(one: Box, other: Box): number {
  const along = (a: number, b: number, c: number, d: number): number => Math.max(0, Math.min(b, d) - Math.max(a, c));
  const width = along(one.x, one.x + one.width, other.x, other.x + other.width);
  return width * along(one.y, one.y + one.height, other.y, other.y + other.height);
}
