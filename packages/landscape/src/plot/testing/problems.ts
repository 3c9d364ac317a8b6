import fc from 'fast-check';
import type { Point } from '../paths.ts';
import type { Problem2d } from '../valley.ts';

type Matrix = readonly [p: number, r: number, q: number];

/** L = ½(px² + 2rxy + qy²) */
export const quadratic = ([p, r, q]: Matrix): Problem2d => ({
  loss: ([x, y]) => (p * x * x + 2 * r * x * y + q * y * y) / 2,
  gradient: ([x, y]) => [p * x + r * y, r * x + q * y],
});

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Quadratics, and where and how to go down on them; the first gradient is not zero. */
export const someQuadratic: fc.Arbitrary<{
  matrix: Matrix;
  start: Point;
  rho: number;
  learningRate: number;
}> = fc
  .record({
    matrix: fc.tuple(between(1, 4), between(-0.5, 0.5), between(1, 4)),
    start: fc.tuple(between(0.5, 2), between(-2, 2)),
    rho: between(0.05, 0.5),
    learningRate: between(0.01, 0.2),
  })
  .filter(({ matrix, start }) => Math.hypot(...quadratic(matrix).gradient(start)) > 0.1);
