import { mean } from 'd3-array';
import type { Point3, View } from './projection.ts';

/** A piece of a surface: where its corners are in the box. */
export type Facet = readonly Point3[];

/**
 * The facets of a surface over a grid, the farthest first, so that what is nearer covers what is behind. Over a grid,
 * seen without perspective, the order of the middles of its cells is right for every two of them.
 *
 * @param axis where the points of the grid are, from 0 to 1
 * @param up how high the surface is at each; what is above 1 is cut away
 */
export function facets(axis: readonly number[], up: readonly (readonly number[])[], view: View): Facet[] {
  const cells: { readonly facet: Facet; readonly nearness: number }[] = [];
  for (let i = 0; i + 1 < axis.length; i++) {
    for (let j = 0; j + 1 < axis.length; j++) {
      const corner = (k: number, l: number): Point3 => [axis[k]!, axis[l]!, up[k]![l]!];
      const facet = below1([corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)]);
      const nearness = view.nearness((axis[i]! + axis[i + 1]!) / 2, (axis[j]! + axis[j + 1]!) / 2);
      if (facet.length > 2) cells.push({ facet, nearness });
    }
  }
  return cells.sort((one, other) => one.nearness - other.nearness).map(({ facet }) => facet);
}

/** How high a facet is on average. */
export const heightOf = (facet: Facet): number => mean(facet, ([, , up]) => up)!;

// The part of a polygon that is not above 1: around it, corners are kept and crossings added.
function below1(polygon: Facet): Facet {
  return polygon.flatMap((point, index) => {
    const next = polygon[(index + 1) % polygon.length]!;
    const kept = point[2] <= 1 ? [point] : [];
    return point[2] <= 1 === next[2] <= 1 ? kept : [...kept, crossing(point, next)];
  });
}

// Where an edge is at 1. From an infinite height it falls straight down onto its other end.
function crossing(one: Point3, other: Point3): Point3 {
  const [low, high] = one[2] <= 1 ? [one, other] : [other, one];
  const part = (1 - low[2]) / (high[2] - low[2]);
  return [low[0] + part * (high[0] - low[0]), low[1] + part * (high[1] - low[1]), 1];
}
