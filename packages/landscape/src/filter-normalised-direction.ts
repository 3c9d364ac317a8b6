import { checkKeys, checkNumber, float64, map, type ParamTree } from '@flatmin/core';
import { scramble, uniforms } from '@flatmin/tree';

/** How to reach the numbers of a leaf: the algebra of a backend knows leaves as wholes only. */
export interface HostAccess<T> {
  /** The numbers of a leaf, the last axis the fastest. */
  values(leaf: T, path: string): ArrayLike<number>;
  /** How many there are along each axis. */
  shape(leaf: T, path: string): readonly number[];
  /** A new leaf of such numbers. */
  leaf(values: Float64Array, shape: readonly number[]): T;
}

/** Which axes of a leaf count its filters, from 0: `[2, 3]` where there is one for each pair of indices along both. */
export type FilterAxes = (path: string, shape: readonly number[]) => readonly number[];

/** Options of {@link filterNormalisedDirection}. */
export interface FilterNormalisedOptions {
  /** Seed of the draw. Default 0. */
  readonly seed?: number;
  /**
   * The axis that counts filters, in leaves of two axes and more; or a function, where they have not all the same.
   * Default `last`, as TensorFlow.js has it in dense and convolution kernels.
   */
  readonly filterAxis?: 'last' | 'first' | FilterAxes;
  /** Leaves of one axis and less, biases, γ and β: `zero` (default), or each as one filter, `normalised`. */
  readonly vectors?: 'zero' | 'normalised';
}

/**
 * A random direction in which each filter is as long as that of the weights: surfaces along it can be compared between
 * networks whose weights are of different size.
 *
 * d_ij ← d_ij ‖w_ij‖/‖d_ij‖ for the j-th filter of the i-th leaf, where d is drawn from the standard normal
 * distribution: the same for the same seed, on every backend. A filter of a kernel [height, width, in, out] or [in, out]
 * is all that leads to one output. For a depthwise kernel [height, width, in, multiplier] that takes the axes [2, 3], for
 * one of a transposed convolution, [height, width, out, in], the axes [2]: `filterAxis` may tell by path.
 *
 * @param weights w, only read
 * @param host how to read a leaf, and make one
 * @returns leaves that belong to the caller
 * @throws RangeError for options that make no sense, and for a shape that is not the values'; no leaf is made then
 * @example
 * ```ts
 * const direction = filterNormalisedDirection(weights, {
 *   values: (tensor) => tensor.dataSync(),
 *   shape: (tensor) => tensor.shape,
 *   leaf: (values, shape) => tf.tensor(Float32Array.from(values), [...shape]),
 * });
 * ```
 * @see Li, Xu, Taylor, Studer, Goldstein, "Visualizing the Loss Landscape of Neural Nets" (NeurIPS 2018), section 4
 */
export function filterNormalisedDirection<T, S extends ParamTree<T>>(
  weights: S & ParamTree<T>,
  host: HostAccess<T>,
  options: FilterNormalisedOptions = {},
): S {
  checkKeys(owner, options, ['seed', 'filterAxis', 'vectors']);
  const { seed = 0, filterAxis = 'last', vectors = 'zero' } = options;
  checkNumber(owner, 'seed', seed, { integer: true });
  checkWords({ filterAxis, vectors });
  const uniform = uniforms(scramble(seed));
  const draw = (leaf: T, path: string): (() => T) => {
    const [values, shape] = [host.values(leaf, path), host.shape(leaf, path)];
    checkShape(path, values.length, shape);
    const drawn = float64.normal(new Float64Array(values.length), Math.floor(uniform() * 2 ** 31));
    if (shape.length > 1) normalise(drawn, values, filtersOf(shape, axesOf(filterAxis, path, shape)));
    else if (vectors === 'normalised') normalise(drawn, values, { count: 1, of: () => 0 });
    else drawn.fill(0);
    return () => host.leaf(drawn, shape);
  };
  // All is drawn before the first leaf is made: where a later one is refused, nobody would have those made before.
  const makers = map<T, () => T>(draw, weights);
  return map<() => T, T>((make) => make(), makers) as S;
}

const owner = 'filterNormalisedDirection';

/** The filters of a leaf: how many there are, and to which an element belongs. */
interface Filters {
  readonly count: number;
  of(element: number): number;
}

function axesOf(
  filterAxis: NonNullable<FilterNormalisedOptions['filterAxis']>,
  path: string,
  shape: readonly number[],
): readonly number[] {
  if (filterAxis === 'last') return [shape.length - 1];
  if (filterAxis === 'first') return [0];
  const axes = filterAxis(path, shape);
  if (Array.isArray(axes) && axes.every((axis) => [...shape.keys()].includes(axis))) return axes;
  throw new RangeError(
    `${owner}: filterAxis gives ${JSON.stringify(axes)} for "${path}" of shape [${shape.join(', ')}]; give a list of its axes, from 0 to ${shape.length - 1}.`,
  );
}

function filtersOf(shape: readonly number[], axes: readonly number[]): Filters {
  const counted = axes.map((axis) => ({
    length: shape[axis]!,
    stride: shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  }));
  return {
    count: counted.reduce((product, { length }) => product * length, 1),
    of: (i) => counted.reduce((at, { length, stride }) => at * length + (Math.floor(i / stride) % length), 0),
  };
}

// In place: what was drawn belongs to nobody yet.
function normalise(drawn: Float64Array, like: ArrayLike<number>, { count, of }: Filters): void {
  const [wanted, given] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < drawn.length; i++) {
    wanted[of(i)]! += like[i]! ** 2;
    given[of(i)]! += drawn[i]! ** 2;
  }
  for (let i = 0; i < drawn.length; i++) drawn[i]! *= Math.sqrt(wanted[of(i)]! / given[of(i)]!);
}

function checkShape(path: string, size: number, shape: readonly number[]): void {
  if (shape.reduce((product, length) => product * length, 1) === size) return;
  throw new RangeError(
    `${owner}: "${path}" has ${size} values and the shape [${shape.join(', ')}]; give the shape of the values.`,
  );
}

function checkWords({ filterAxis, vectors }: Omit<FilterNormalisedOptions, 'seed'>): void {
  if (filterAxis !== 'last' && filterAxis !== 'first' && typeof filterAxis !== 'function')
    throw new RangeError(
      `${owner}: filterAxis is ${JSON.stringify(filterAxis)}; give 'last', 'first' or a function of path and shape.`,
    );
  if (vectors !== 'zero' && vectors !== 'normalised')
    throw new RangeError(`${owner}: vectors is ${JSON.stringify(vectors)}; give 'zero' or 'normalised'.`);
}
