import type { Point } from './paths.ts';

/** A place in a box: along both floor edges and up, each from 0 to 1. */
export type Point3 = readonly [a: number, b: number, up: number];

/** From where a box is seen. */
export interface Viewpoint {
  /** In degrees, counterclockwise around the box; from −90, direction 1 runs to the right. */
  readonly azimuth: number;
  /** In degrees above the floor. */
  readonly elevation: number;
}

/** How high the box is in lengths of its floor. */
const HEIGHT = 0.78;

/** A view of the unit box without perspective: equal lengths stay equal wherever in the box they are. */
export interface View {
  /** In lengths of a floor edge, y downwards. */
  at(point: Point3): Point;
  /** How near to the viewer a place on the floor is. */
  nearness(a: number, b: number): number;
}

/** The view from a viewpoint. */
export function viewFrom({ azimuth, elevation }: Viewpoint): View {
  const [turn, rise] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  const nearness = (a: number, b: number): number => (a - 0.5) * Math.cos(turn) + (b - 0.5) * Math.sin(turn);
  return {
    nearness,
    at([a, b, up]) {
      const x = -(a - 0.5) * Math.sin(turn) + (b - 0.5) * Math.cos(turn);
      return [x, nearness(a, b) * Math.sin(rise) - (up - 0.5) * HEIGHT * Math.cos(rise)];
    },
  };
}

/** How high the box is seen for its width. */
export function aspectOf(view: View): number {
  const { x0, x1, y0, y1 } = bounds(view);
  return (y1 - y0) / (x1 - x0);
}

/** A view that fills a rectangle: the same for every panel, as the box is. */
export function fitted(
  view: View,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): View {
  const { x0, x1, y0, y1 } = bounds(view);
  const scale = Math.min(width / (x1 - x0), height / (y1 - y0));
  const [dx, dy] = [left + width / 2 - (scale * (x0 + x1)) / 2, top + height / 2 - (scale * (y0 + y1)) / 2];
  return {
    nearness: view.nearness,
    at(point) {
      const [x, y] = view.at(point);
      return [dx + scale * x, dy + scale * y];
    },
  };
}

function bounds(view: View): { readonly x0: number; readonly x1: number; readonly y0: number; readonly y1: number } {
  const corners = [0, 1].flatMap((a) => [0, 1].flatMap((b) => [0, 1].map((up) => view.at([a, b, up]))));
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return { x0: Math.min(...xs), x1: Math.max(...xs), y0: Math.min(...ys), y1: Math.max(...ys) };
}
