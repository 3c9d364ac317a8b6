import type { Point } from './paths.ts';

/**
 * The pieces of a line that are not above a height, each up to where it crosses it.
 *
 * @param height what is higher is cut away; points may be infinitely high
 */
export function cutLine(line: readonly Point[], height: number): Point[][] {
  const pieces: Point[][] = [];
  let piece: Point[] = [];
  const end = (): void => {
    if (piece.length > 1) pieces.push(piece);
    piece = [];
  };
  line.forEach((point, index) => {
    const before = line[index - 1];
    if (before !== undefined && before[1] <= height !== point[1] <= height) piece.push(crossing(before, point, height));
    if (point[1] <= height) piece.push(point);
    else end();
  });
  end();
  return pieces;
}

function crossing(one: Point, other: Point, height: number): Point {
  const [low, high] = one[1] <= height ? [one, other] : [other, one];
  return [low[0] + ((height - low[1]) / (high[1] - low[1])) * (high[0] - low[0]), height];
}
