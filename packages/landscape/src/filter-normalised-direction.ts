import { float64, map, type ParamTree, settings } from '@flatmin/core';
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

/** Options of {@link filterNormalisedDirection}. */
export interface FilterNormalisedOptions {
  /** Seed of the draw. Default 0. */
  readonly seed?: number;
  /** The axis that counts filters, in leaves of two axes and more. Default `last`, as TensorFlow.js has it. */
  readonly filterAxis?: 'last' | 'first';
  /** Leaves of one axis and less, biases, γ and β: `zero` (default), or each as one filter, `normalised`. */
  readonly vectors?: 'zero' | 'normalised';
}

/**
 * A random direction in which each filter is as long as that of the weights: surfaces along it can be compared between
 * networks whose weights are of different size.
 *
 * d_ij ← d_ij ‖w_ij‖/‖d_ij‖ for the j-th filter of the i-th leaf, where d is drawn from the standard normal
 * distribution: the same for the same seed, on every backend. A filter of a kernel [height, width, in, out] or [in, out]
 * is all that leads to one output.
 *
 * @param weights w, only read
 * @param host how to read a leaf, and make one
 * @returns leaves that belong to the caller
 * @throws RangeError for options that make no sense, and for a shape that is not the values'
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
  const { seed, filterAxis, vectors } = settings('filterNormalisedDirection', options, {
    seed: { default: 0, integer: true },
    filterAxis: { default: 'last', is: ['last', 'first'] },
    vectors: { default: 'zero', is: ['zero', 'normalised'] },
  });
  const uniform = uniforms(scramble(seed));
  return map(
    (leaf: T, path) => {
      const [values, shape] = [host.values(leaf, path), host.shape(leaf, path)];
      checkShape(path, values.length, shape);
      const drawn = float64.normal(new Float64Array(values.length), Math.floor(uniform() * 2 ** 31));
      if (shape.length > 1) normalise(drawn, values, filtersOf(values.length, shape, filterAxis));
      else if (vectors === 'normalised') normalise(drawn, values, { count: 1, of: () => 0 });
      else drawn.fill(0);
      return host.leaf(drawn, shape);
    },
    weights as ParamTree<T>,
  ) as S;
}

/** The filters of a leaf: how many there are, and to which an element belongs. */
interface Filters {
  readonly count: number;
  of(element: number): number;
}

function filtersOf(size: number, shape: readonly number[], axis: 'last' | 'first'): Filters {
  const count = axis === 'last' ? shape.at(-1)! : shape[0]!;
  return { count, of: axis === 'last' ? (i) => i % count : (i) => Math.floor(i / (size / count)) };
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
    `filterNormalisedDirection: "${path}" has ${size} values and the shape [${shape.join(', ')}]; give the shape of the values.`,
  );
}
