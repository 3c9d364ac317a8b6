import type { Surface2d } from '../../surface.ts';

/** Evenly spaced from −1 to 1. */
export const axisOf = (points: number): number[] =>
  Array.from({ length: points }, (_, i) => (2 * i - points + 1) / (points - 1));

/** A loss on a grid. */
export function surfaceOf(loss: (a: number, b: number) => number, points = 21): Surface2d {
  const axis = axisOf(points);
  return { axis, losses: axis.map((a) => axis.map((b) => loss(a, b))), centre: loss(0, 0) };
}

// A narrow valley in a plateau, and a wide one.
export const sharp: Surface2d = surfaceOf((a, b) => 0.01 + 8 * (1 - Math.exp(-3 * a * a - 5 * b * b)));
export const wide: Surface2d = surfaceOf((a, b) => 0.03 + a * a + 0.8 * b * b);
