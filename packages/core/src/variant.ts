import type { ParamTree, TreeMath } from '@flatmin/tree';
import type { Procedure } from './protocol.ts';
import type { Random } from './random.ts';
import type { Role } from './roles.ts';
import type { Clock } from './schedule.ts';

/** How an entry of the state begins: a tree like the weights, or a scalar, filled with a number. */
export interface Initial<K extends 'tree' | 'scalar' = 'tree' | 'scalar'> {
  /** A tree like the weights, or one number. */
  readonly of: K;
  /** The number it is filled with. */
  readonly fill: number;
}

/** State that is a tree like the weights, filled with a number at the first step. */
export const treeOf = (fill: number): Initial<'tree'> => ({ of: 'tree', fill });

/** State that is one number, kept where the backend computes. */
export const scalarOf = (fill: number): Initial<'scalar'> => ({ of: 'scalar', fill });

/** The state a variant or a base optimizer carries from step to step, by name. */
export type StateShape = Readonly<Record<string, Initial>>;

/** The values of a {@link StateShape}. */
export type State<T, D extends StateShape = StateShape> = {
  readonly [K in keyof D]: D[K] extends Initial<'scalar'> ? T : ParamTree<T>;
};

/** What a variant may need beyond one loss closure for one batch. */
export type Need = 'perSample' | 'shards' | 'previousBatch';

/** What a variant is given at each step. */
export interface Step<T, D extends StateShape = StateShape> extends Clock {
  /** The arithmetic of the backend. Its results are freed at the step's end unless they are returned. */
  readonly math: TreeMath<T>;
  /** w */
  readonly weights: ParamTree<T>;
  /** What each leaf is: a weight, a bias, a normalisation's γ or β. */
  readonly roles: ParamTree<Role>;
  /** Zeros at the leaves that are not to be perturbed; the very same tree when all are. */
  select<S extends ParamTree<T>>(tree: S): S;
  /** The state before this step. */
  readonly state: State<T, D>;
  /** Seeded draws, the same when the step is done again. */
  readonly random: Random<T>;
}

/** What a variant returns. */
export interface Outcome<T, D extends StateShape = StateShape> {
  /** Goes to the base optimizer as its gradient; absent: the base rests this step. */
  readonly direction?: ParamTree<T>;
  /** Added to the weights after the base optimizer's step. */
  readonly shift?: ParamTree<T>;
  /** The entries of the state that change, committed only if the step succeeds. */
  readonly state?: Partial<State<T, D>>;
  /** Scalars to be reported, by name. */
  readonly diagnostics?: Readonly<Record<string, T>>;
}

/** What {@link define} is given. */
export interface Definition<D extends StateShape> {
  /** What errors call it. */
  readonly name: string;
  /** The options as plain data, all defaults filled in. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What a host must offer beyond one loss closure for one batch. Default: nothing. */
  readonly needs?: readonly Need[];
  /** How the state begins. Default: there is none. */
  readonly state?: D;
  /** One step: asks for gradients, returns a direction. Nothing is changed in place. */
  step<T>(given: Step<T, D>): Procedure<T, Outcome<T, D>>;
}

/** A member of the SAM family: a named procedure that asks for gradients and returns a direction. */
export interface Variant {
  /** See {@link Definition.name}. */
  readonly name: string;
  /** See {@link Definition.options}. */
  readonly options: Readonly<Record<string, unknown>>;
  /** See {@link Definition.needs}. */
  readonly needs: readonly Need[];
  /** See {@link Definition.state}. */
  readonly state: StateShape;
  /** See {@link Definition.step}. */
  step<T>(given: Step<T>): Procedure<T, Outcome<T>>;
}

/**
 * Makes a variant; the types of its state follow from how the state begins.
 *
 * @example
 * ```ts
 * const sgd = define({
 *   name: 'sgd',
 *   *step({ weights: w }) {
 *     const { gradient } = yield* evaluate(w);
 *     return { direction: gradient };
 *   },
 * });
 * ```
 */
export function define<D extends StateShape = Record<never, never>>(definition: Definition<D>): Variant {
  return { options: {}, needs: [], state: {}, ...definition };
}
