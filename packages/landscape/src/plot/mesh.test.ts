import { describe, expect, it } from 'vitest';
import { type Facet, facets, heightOf } from './mesh.ts';
import type { Point } from './paths.ts';
import { fitted, type Point3, type View, viewFrom } from './projection.ts';

const view = viewFrom({ azimuth: -52, elevation: 34 });
const axis = [0, 0.25, 0.5, 0.75, 1];
const flat = (height: number): number[][] => axis.map(() => axis.map(() => height));

/** A facet as triangles around its first corner. */
const triangles = (facet: Facet): [Point3, Point3, Point3][] =>
  facet.slice(2).map((corner, i) => [facet[0]!, facet[i + 1]!, corner]);

/** The place in a triangle that is seen at a place on the paper, by its shares of the corners; none outside. */
function seenAt(triangle: readonly [Point3, Point3, Point3], seen: View, [x, y]: Point): Point3 | undefined {
  const [[x0, y0], [x1, y1], [x2, y2]] = triangle.map((corner) => seen.at(corner)) as [Point, Point, Point];
  const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  if (Math.abs(area) < 1e-9) return undefined; // seen from its edge
  const second = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) / area;
  const third = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / area;
  const shares = [1 - second - third, second, third];
  return shares.every((share) => share > 1e-6) ? weighted(triangle, shares) : undefined;
}

const weighted = (corners: readonly Point3[], shares: readonly number[]): Point3 =>
  [0, 1, 2].map((k) => corners.reduce((sum, corner, i) => sum + shares[i]! * corner[k]!, 0)) as unknown as Point3;

describe('a mesh', () => {
  it.each([-170, -127, -52, 0, 30, 90, 145])('seen from %d° has what is in front over what is behind', (azimuth) => {
    const seen = viewFrom({ azimuth, elevation: 20 });
    // A ridge across the middle hides the floor behind it.
    const ridge = axis.map((a, i) => axis.map((b, j) => (i === 2 || j === 2 ? 1 : 0.1 * (a + b))));
    const drawn = facets(axis, ridge, seen);
    let overlaps = 0;
    for (const [later, facet] of drawn.entries()) {
      const middles = triangles(facet).map((triangle) => weighted(triangle, [1 / 3, 1 / 3, 1 / 3]));
      for (const before of drawn.slice(0, later).flatMap(triangles)) {
        for (const middle of middles) {
          // Two places at one place on the paper: the one drawn later has to be the nearer.
          const behind = seenAt(before, seen, seen.at(middle));
          if (behind === undefined) continue;
          overlaps++;
          expect(seen.nearness(middle[0], middle[1])).toBeGreaterThan(seen.nearness(behind[0], behind[1]));
        }
      }
    }
    expect(overlaps).toBeGreaterThan(0);
  });

  it('has cells in the order of their distance', () => {
    const nearness = facets(axis, flat(0), view).map((facet) => {
      const [a, b] = [0, 1].map((k) => (facet[0]![k]! + facet[2]![k]!) / 2);
      return view.nearness(a!, b!);
    });
    expect(nearness).toHaveLength(16);
    expect(nearness).toEqual([...nearness].sort((one, other) => one - other));
  });

  it('is cut where it is too high, along a straight edge', () => {
    const slope = axis.map((a) => axis.map(() => 2 * a + 0.1));
    const corners = facets(axis, slope, view).flat();
    expect(Math.max(...corners.map(([, , up]) => up))).toBe(1);
    // 2a + 0.1 = 1 at a = 0.45, between points of the grid.
    expect(Math.max(...corners.map(([a]) => a))).toBeCloseTo(0.45, 12);
    expect(facets(axis, flat(1.01), view)).toEqual([]);
  });

  it('falls straight down where it is infinitely high', () => {
    const hole = axis.map((a) => axis.map(() => (a > 0.6 ? Infinity : 0.5)));
    const drawn = facets(axis, hole, view);
    expect(drawn.flat(2).every(Number.isFinite)).toBe(true);
    expect(Math.max(...drawn.flat().map(([a]) => a))).toBe(0.5);
    expect(drawn.map(heightOf).every((height) => height >= 0.5 && height <= 1)).toBe(true);
  });
});

it('a box fills its place, and equal lengths in it stay equal', () => {
  const seen = fitted(view, { left: 10, top: 20, width: 300, height: 200 });
  const corners = [0, 1].flatMap((a) => [0, 1].flatMap((b) => [0, 1].map((up) => seen.at([a, b, up]))));
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  expect(Math.min(...xs)).toBeGreaterThanOrEqual(10 - 1e-9);
  expect(Math.max(...xs)).toBeLessThanOrEqual(310 + 1e-9);
  expect(Math.min(...ys)).toBeGreaterThanOrEqual(20 - 1e-9);
  expect(Math.max(...ys)).toBeLessThanOrEqual(220 + 1e-9);
  const length = (one: Point3, other: Point3): number =>
    Math.hypot(seen.at(one)[0] - seen.at(other)[0], seen.at(one)[1] - seen.at(other)[1]);
  expect(length([0, 0, 0], [0, 0, 1])).toBeCloseTo(length([1, 1, 0], [1, 1, 1]), 9);
  expect(length([0, 0, 0], [1, 0, 0])).toBeCloseTo(length([0, 1, 1], [1, 1, 1]), 9);
  expect(seen.at([0, 0, 1])[1]).toBeLessThan(seen.at([0, 0, 0])[1]);
});
