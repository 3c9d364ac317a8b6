import { curveLinearClosed, line } from 'd3-shape';

/** A place in pixels, or in the units of two axes. */
export type Point = readonly [x: number, y: number];

const draw = line<Point>(
  ([x]) => x,
  ([, y]) => y,
).digits(2);
const drawClosed = line<Point>(
  ([x]) => x,
  ([, y]) => y,
)
  .digits(1)
  .curve(curveLinearClosed);

/** The `d` of a line through points. */
export const openPath = (points: readonly Point[]): string => draw(points as Point[]) ?? '';

/** The `d` of a polygon. */
export const closedPath = (points: readonly Point[]): string => drawClosed(points as Point[]) ?? '';
