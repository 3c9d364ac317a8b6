import { alike, entries, leaves, map, type ParamTree } from '@flatmin/tree';

/** A tree of named float32 numbers: weights, a gradient, statistics. */
export type Floats = ParamTree<Float32Array>;

/** Weights (or a gradient) with the statistics of the same model. */
export type Sheet = readonly [weights: Floats, statistics: Floats];

/** How weights and statistics lie in one flat run of numbers, leaf after leaf in the tree's order. */
export interface Layout {
  /** How many numbers there are. */
  readonly length: number;
  /** The leaves as views of a flat run. */
  views(flat: Float32Array): Sheet;
  /** Whether a sheet has this layout. */
  fits(sheet: Sheet): boolean;
}

/** The layout of a model's weights and statistics. */
export function layoutOf(like: Sheet): Layout {
  const length = leaves<Float32Array>(like).reduce((sum, leaf) => sum + leaf.length, 0);
  return {
    length,
    views(flat) {
      let begin = 0;
      const view = (leaf: Float32Array): Float32Array => {
        const end = begin + leaf.length;
        const part = flat.subarray(begin, end);
        begin = end;
        return part;
      };
      return map(view, like as ParamTree<Float32Array>) as Sheet;
    },
    fits: (sheet) => alike<Float32Array, Float32Array>(like, sheet, (a, b) => a.length === b.length),
  };
}

/**
 * Copies numbers into views of the same layout.
 *
 * @param what begins the error's sentence
 * @throws TypeError naming the path where the trees, or their leaves' lengths, differ
 */
export function write(what: string, from: Floats, to: Floats): void {
  const source = new Map(entries<Float32Array>(from));
  const target = entries<Float32Array>(to);
  for (const [path, leaf] of target) {
    const given: unknown = source.get(path);
    if (given instanceof Float32Array && given.length === leaf.length) continue;
    const found = given instanceof Float32Array ? `${given.length} numbers` : 'no Float32Array';
    throw new TypeError(`${what} has ${found} at "${path}"; give a Float32Array of ${leaf.length}.`);
  }
  if (source.size > target.length) {
    const known = new Set(target.map(([path]) => path));
    const surplus = [...source.keys()].find((path) => !known.has(path));
    throw new TypeError(`${what} has "${surplus}", which the weights have not; leave it out.`);
  }
  for (const [path, leaf] of target) leaf.set(source.get(path)!);
}

/** Copies that no one else writes to. */
export const copied = <S extends Floats>(tree: S): S => map((leaf: Float32Array) => leaf.slice(), tree);
