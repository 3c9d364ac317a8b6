import { checkKeys, checkNumber, type ParamTree, type Procedure, type TreeMath } from '@flatmin/core';
import { checkDirection } from './check-direction.ts';
import { lossAt } from './losses.ts';
import type { Given } from './measure.ts';
import { scope, tidied } from './scope.ts';

/** Where along each direction to look. */
export interface SurfaceOptions {
  /** From where to where, in lengths of the direction. Default [−1, 1]. */
  readonly range?: readonly [from: number, to: number];
  /** How many points, evenly spaced, both ends included. Default 21: where the range is symmetric, an odd number has 0. */
  readonly points?: number;
}

/** Options of {@link surface1d}. */
export interface Surface1dOptions<T> extends SurfaceOptions {
  /** d, in the structure and the shapes of the weights; only read. */
  readonly direction: ParamTree<T>;
}

/** Options of {@link surface2d}. */
export interface Surface2dOptions<T> extends SurfaceOptions {
  /** d₁ and d₂, in the structure and the shapes of the weights; only read. */
  readonly directions: readonly [ParamTree<T>, ParamTree<T>];
}

/** The loss on a line. */
export interface Surface1d {
  /** a */
  readonly axis: readonly number[];
  /** L(w + a d) for each a. */
  readonly losses: readonly number[];
  /** L(w) */
  readonly centre: number;
}

/** The loss on a plane. */
export interface Surface2d {
  /** a, and b: the same points. */
  readonly axis: readonly number[];
  /** L(w + a d₁ + b d₂): a row for each a, in it a loss for each b. */
  readonly losses: readonly (readonly number[])[];
  /** L(w) */
  readonly centre: number;
}

/**
 * The loss on a line through the weights: L(w + a d).
 *
 * At a = 0 it is evaluated at w itself, without arithmetic. Losses alone are asked for.
 *
 * @throws RangeError for options that make no sense; from the measure, where the shapes of direction and weights differ
 * @throws TreeStructureError from the measure, where their structures do
 * @example
 * ```ts
 * const { axis, losses } = measure(surface1d({ direction, range: [-0.5, 0.5], points: 51 }), landscape);
 * ```
 * @see Goodfellow, Vinyals, Saxe, "Qualitatively characterizing neural network optimization problems" (ICLR 2015)
 */
export function surface1d<T>(options: Surface1dOptions<T>): (given: Given<T>) => Procedure<T, Surface1d> {
  checkKeys('surface1d', options, ['direction', 'range', 'points']);
  const axis = axisOf('surface1d', options);
  const { direction } = options;
  if (isMissing(direction)) throw new RangeError(`surface1d: direction is ${direction}; give a tree like the weights.`);
  return function* ({ math, weights: w }) {
    checkDirection('surface1d', 'direction', math, w, direction);
    const centre = yield* lossAt(w);
    return { axis, losses: yield* line(math, w, direction, axis, centre), centre };
  };
}

/**
 * The loss on a plane through the weights: L(w + a d₁ + b d₂), with `points`² losses, and one more where the
 * weights themselves are not among the points.
 *
 * @throws RangeError for options that make no sense; from the measure, where the shapes of a direction and the weights
 * differ
 * @throws TreeStructureError from the measure, where their structures do
 * @example
 * ```ts
 * const { axis, losses } = measure(surface2d({ directions: [one, another], points: 31 }), landscape);
 * ```
 * @see Li, Xu, Taylor, Studer, Goldstein, "Visualizing the Loss Landscape of Neural Nets" (NeurIPS 2018);
 * {@link filterNormalisedDirection} gives such directions
 */
export function surface2d<T>(options: Surface2dOptions<T>): (given: Given<T>) => Procedure<T, Surface2d> {
  checkKeys('surface2d', options, ['directions', 'range', 'points']);
  const axis = axisOf('surface2d', options);
  const [first, second] = checkPair(options.directions);
  return function* ({ math, weights: w }) {
    for (const [i, direction] of [first, second].entries())
      checkDirection('surface2d', `directions[${i}]`, math, w, direction);
    const centre = yield* lossAt(w);
    const rows: number[][] = [];
    for (const a of axis) {
      rows.push(
        yield* scope(math, (math) => {
          const at = a === 0 ? w : tidied(math, ({ addScaled }) => addScaled(w, a, first));
          return line(math, at, second, axis, a === 0 ? centre : undefined);
        }),
      );
    }
    return { axis, losses: rows, centre };
  };
}

// L(from + a d) for each a; at 0 it may be known.
function* line<T>(
  math: TreeMath<T>,
  from: ParamTree<T>,
  direction: ParamTree<T>,
  axis: readonly number[],
  known: number | undefined,
): Procedure<T, number[]> {
  const losses: number[] = [];
  for (const a of axis) {
    if (a === 0) losses.push(known ?? (yield* lossAt(from)));
    else losses.push(yield* scope(math, ({ addScaled }) => lossAt(addScaled(from, a, direction))));
  }
  return losses;
}

const isMissing = (tree: unknown): boolean => tree === undefined || tree === null;

function checkPair<D>(directions: readonly [D, D]): readonly [D, D] {
  if (!Array.isArray(directions) || directions.length !== 2)
    throw new RangeError(
      `surface2d: directions is ${Array.isArray(directions) ? `a list of ${directions.length}` : typeof directions}; give a list of two trees like the weights.`,
    );
  for (const [i, direction] of directions.entries())
    if (isMissing(direction))
      throw new RangeError(`surface2d: directions[${i}] is ${direction}; give a tree like the weights.`);
  return directions;
}

function axisOf(owner: string, { range = [-1, 1], points = 21 }: SurfaceOptions): number[] {
  if (!Array.isArray(range) || range.length !== 2)
    throw new RangeError(`${owner}: range is ${JSON.stringify(range)}; give two numbers, from and to.`);
  const [from, to] = range;
  checkNumber(owner, 'range[0]', from);
  checkNumber(owner, 'range[1]', to, { above: from });
  checkNumber(owner, 'points', points, { min: 2, integer: true });
  return Array.from({ length: points }, (_, i) => {
    const part = i / (points - 1);
    const a = from * (1 - part) + to * part;
    // What is 0 but for rounding is the centre, where w itself is evaluated.
    return Math.abs(a) < 1e-12 * (to - from) ? 0 : a;
  });
}
