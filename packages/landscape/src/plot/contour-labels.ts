import { pairs } from 'd3-array';
import { TEXT } from './look.ts';
import type { Point } from './paths.ts';
import { widthOf } from './text.ts';

/** A line that may have a label on it, in pixels. */
export interface Labelled {
  readonly words: string;
  readonly line: readonly Point[];
}

/** Where a label stands. */
export interface Spot {
  /** Which of the lines has it. */
  readonly index: number;
  readonly at: Point;
  /** In degrees: along the line, and never upside down. */
  readonly turn: number;
}

const HALF = TEXT / 2;

/**
 * Spots for labels on lines, a label to a line at most: where the line is level and straight, and the label is clear of
 * every other line, of the labels before it and of what is in `taken`. A line without such a spot has none.
 */
export function spotsOn(lines: readonly Labelled[], taken: readonly Point[]): Spot[] {
  const full: Point[] = [...taken];
  // The longest first: they have most room to give.
  const order = lines.map((_, index) => index).sort((a, b) => lengthOf(lines[b]!.line) - lengthOf(lines[a]!.line));
  return order.flatMap((index) => {
    const others = lines.flatMap(({ line }, other) => (other === index ? [] : line));
    const spot = bestSpot(
      lines[index]!,
      (points) => clear(points, full, 2 * HALF + 3) && clear(points, others, HALF + 1),
    );
    if (spot === undefined) return [];
    full.push(...spot.covered);
    return [{ index, at: spot.at, turn: spot.turn }];
  });
}

interface Candidate extends Omit<Spot, 'index'> {
  readonly covered: readonly Point[];
  readonly badness: number;
}

function bestSpot({ words, line }: Labelled, isClear: (points: readonly Point[]) => boolean): Candidate | undefined {
  const width = widthOf(words) + 4;
  const dense = resampled(line, 3);
  const half = Math.ceil(width / 6);
  let best: Candidate | undefined;
  for (let i = half; i + half < dense.length; i += 2) {
    const [[x0, y0], [x1, y1]] = [dense[i - half]!, dense[i + half]!];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const bent = 1 - Math.hypot(dx, dy) / (6 * half);
    const slope = (Math.atan2(dy, dx) * 180) / Math.PI;
    const turn = slope > 90 ? slope - 180 : slope <= -90 ? slope + 180 : slope;
    const badness = 8 * bent + Math.abs(turn) / 90;
    const covered = dense.slice(i - half, i + half + 1);
    if (bent > 0.06 || (best && best.badness <= badness) || !isClear(covered)) continue;
    best = { at: dense[i]!, turn, covered, badness };
  }
  return best;
}

const clear = (points: readonly Point[], others: readonly Point[], distance: number): boolean =>
  points.every(([x, y]) => others.every(([u, v]) => Math.hypot(x - u, y - v) >= distance));

const lengthOf = (line: readonly Point[]): number =>
  pairs(line).reduce((sum, [[x0, y0], [x1, y1]]) => sum + Math.hypot(x1 - x0, y1 - y0), 0);

/** Points on a line at even distances along it. */
function resampled(line: readonly Point[], distance: number): Point[] {
  const points: Point[] = [];
  let left = 0;
  for (const [[x0, y0], [x1, y1]] of pairs(line)) {
    const length = Math.hypot(x1 - x0, y1 - y0);
    for (; left < length; left += distance) {
      points.push([x0 + ((x1 - x0) * left) / length, y0 + ((y1 - y0) * left) / length]);
    }
    left -= length;
  }
  return points;
}
