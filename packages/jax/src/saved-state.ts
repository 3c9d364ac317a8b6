import type { OptimizerState } from '@flatmin/core';
import { flatten, leaves, type ParamTree, type TreeStructure, unflatten } from '@flatmin/tree';
import { type Array as JaxArray, numpy as np } from '@jax-js/jax';
import { arrays } from './algebra.ts';

/** An array on the host. */
export type HostArray = {
  /** As the array's. */
  readonly shape: readonly number[];
  /** Row by row. */
  readonly values: Float32Array;
};

/**
 * Where an optimizer stands between two steps, as plain data: records, lists, numbers and typed arrays. Kept in a file
 * by `@flatmin/checkpoint`.
 */
export type SavedState = {
  /** What it is. */
  readonly format: 'flatmin-jax';
  /** Of this layout. */
  readonly version: 1;
  /** All arrays, and in `structure` where they stand. */
  readonly arrays: readonly HostArray[];
  /** The state without its arrays. */
  readonly structure: TreeStructure;
  /** The variant, and where it stands. */
  readonly variant: {
    /** Its name. */
    readonly name: string;
    /** Seed of its random draws. */
    readonly seed: number;
    /** Steps done. */
    readonly step: number;
    /** Steps skipped. */
    readonly skipped: number;
  };
  /** The base optimizer, and where it stands. */
  readonly base: {
    /** Its name. */
    readonly name: string;
    /** Updates done. */
    readonly updates: number;
  };
};

const FORMAT = 'flatmin-jax';
const VERSION = 1;

type Trees = { readonly state: never; readonly resting: never; readonly baseState: never; readonly baseResting: never };

/** A copy on the host; the state's arrays are freed. */
export async function toHost(saved: OptimizerState<JaxArray>): Promise<SavedState> {
  const { variant, seed, step, skipped, state, resting, base } = saved;
  const { name, updates, state: baseState, resting: baseResting } = base;
  const trees: ParamTree<JaxArray> = { state, resting, baseState, baseResting };
  try {
    const { leaves: all, structure } = flatten(trees);
    return {
      format: FORMAT,
      version: VERSION,
      arrays: await Promise.all(all.map(hostArray)),
      structure,
      variant: { name: variant, seed, step, skipped },
      base: { name, updates },
    };
  } finally {
    leaves(trees).forEach(arrays.dispose);
  }
}

/**
 * What {@link toHost} was given, in fresh arrays.
 *
 * @throws RangeError for what is no such state, of a newer version, or not whole
 */
export function fromHost(saved: SavedState): OptimizerState<JaxArray> {
  check(saved);
  const { structure, arrays: all, variant, base } = saved;
  const { state, resting, baseState, baseResting } = unflatten(structure, all.map(deviceArray)) as unknown as Trees;
  const { name, ...counters } = variant;
  return { variant: name, ...counters, state, resting, base: { ...base, state: baseState, resting: baseResting } };
}

/** The arrays of a state. */
export const arraysOf = ({ state, resting, base }: OptimizerState<JaxArray>): JaxArray[] =>
  leaves<JaxArray>([state, resting, base.state, base.resting]);

async function hostArray(array: JaxArray): Promise<HostArray> {
  return { shape: [...array.shape], values: Float32Array.from((await array.ref.data()) as Float32Array) };
}

// jax-js refuses to make an empty array from data.
const deviceArray = ({ shape, values }: HostArray): JaxArray =>
  values.length === 0
    ? np.zeros([...shape])
    : np.array(Float32Array.from(values), { dtype: np.float32, shape: [...shape] });

function check(saved: SavedState | undefined): void {
  if (saved?.format !== FORMAT) {
    throw new RangeError('restore: that is no state of an optimizer; give what its method state returned.');
  }
  if (saved.version !== VERSION) {
    throw new RangeError(
      `restore: the state is of version ${String(saved.version)}, and this one reads version ${VERSION}; update @flatmin/jax.`,
    );
  }
  const places = leaves<number>(saved.structure).length;
  const isWhole =
    places === saved.arrays.length &&
    saved.arrays.every(({ shape, values }) => values.length === shape.reduce((size, n) => size * n, 1));
  if (!isWhole)
    throw new RangeError('restore: the state has not all of its numbers; it is not whole, restore an earlier one.');
}
