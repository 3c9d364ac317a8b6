import { contours } from 'd3-contour';
import { scaleLinear } from 'd3-scale';
import type { Point } from './paths.ts';

/** Losses on a grid of two axes: `losses[i][j]` at `xs[i]`, `ys[j]`. */
export interface Grid {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly losses: readonly (readonly number[])[];
}

/** Where a loss is reached, in the units of the axes. */
export interface Contour {
  readonly level: number;
  /** Around all that is at least as high. */
  readonly rings: readonly (readonly Point[])[];
  /** The rings without what runs along the border. */
  readonly lines: readonly (readonly Point[])[];
}

/**
 * The contours of a loss, one for each level.
 *
 * @param measure what is interpolated linearly between points of the grid: the loss, or its logarithm
 */
export function contoursOf(
  { xs, ys, losses }: Grid,
  levels: readonly number[],
  measure: (loss: number) => number,
): Contour[] {
  const values = ys.flatMap((_, j) => xs.map((_, i) => measure(losses[i]![j]!)));
  const find = contours().size([xs.length, ys.length]);
  const [x, y] = [along(xs), along(ys)];
  return levels.map((level) => {
    const { coordinates } = find.contour(values, measure(level));
    const rings = coordinates.flat().map((ring) => ring.map(([u, v]): Point => [x(u!), y(v!)]));
    return { level, rings, lines: rings.flatMap((ring) => withoutBorder(ring, xs, ys)) };
  });
}

// The library's values are the middles of squares of side 1, and its outermost rings half a square outside of them.
function along(axis: readonly number[]): (at: number) => number {
  const scale = scaleLinear(
    axis.map((_, i) => i + 0.5),
    axis,
  ).clamp(true);
  return (at) => scale(at);
}

function withoutBorder(ring: readonly Point[], xs: readonly number[], ys: readonly number[]): Point[][] {
  const [left, right, bottom, top] = [xs[0]!, xs.at(-1)!, ys[0]!, ys.at(-1)!];
  const onBorder = ([a, b]: Point, [c, d]: Point): boolean =>
    (a === c && (a === left || a === right)) || (b === d && (b === bottom || b === top));
  const lines: Point[][] = [[]];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [from, to] = [ring[i]!, ring[i + 1]!];
    if (onBorder(from, to)) {
      if (lines.at(-1)!.length > 0) lines.push([]);
    } else if (lines.at(-1)!.length === 0) lines.at(-1)!.push(from, to);
    else lines.at(-1)!.push(to);
  }
  // A ring that starts in the middle of a line: its end is the line's beginning.
  if (lines.length > 1 && lines.at(-1)!.at(-1) && lines[0]![0] && same(lines.at(-1)!.at(-1)!, lines[0]![0])) {
    const last = lines.pop()!;
    lines[0] = [...last, ...lines[0]!.slice(1)];
  }
  return lines.filter((line) => line.length > 1);
}

const same = ([a, b]: Point, [c, d]: Point): boolean => a === c && b === d;
