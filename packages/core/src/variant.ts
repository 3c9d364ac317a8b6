import type { ParamTree, TreeMath } from '@flatmin/tree';
import type { Procedure } from './protocol.ts';
import type { Random } from './random.ts';
import type { Role } from './roles.ts';
import type { Clock } from './schedule.ts';

/** How an entry of the state begins: a tree like the weights, or a scalar; filled with a number, or not there yet. */
export interface Initial<K extends 'tree' | 'scalar' = 'tree' | 'scalar', F = number | undefined> {
  /** A tree like the weights, or one number. */
  readonly of: K;
  /** The number it is filled with; `undefined`: the entry is undefined until a step returns it. */
  readonly fill: F;
}

/** State that is a tree like the weights: filled with a number at the first step, or undefined until it is returned. */
export function treeOf(fill: number): Initial<'tree', number>;
export function treeOf(): Initial<'tree', undefined>;
export function treeOf(fill?: number): Initial<'tree'> {
  return { of: 'tree', fill };
}

/** State that is one number, kept where the backend computes: given at first, or undefined until it is returned. */
export function scalarOf(fill: number): Initial<'scalar', number>;
export function scalarOf(): Initial<'scalar', undefined>;
export function scalarOf(fill?: number): Initial<'scalar'> {
  return { of: 'scalar', fill };
}

/** The state a variant or a base optimizer carries from step to step, by name. */
export type StateShape = Readonly<Record<string, Initial>>;

/** The values of a {@link StateShape}; of one that is not known, trees by name. */
export type State<T, D extends StateShape = StateShape> = string extends keyof D
  ? Readonly<Record<string, ParamTree<T>>>
  : {
      readonly [K in keyof D]:
        | (D[K] extends Initial<'scalar', unknown> ? T : ParamTree<T>)
        | (D[K] extends Initial<'tree' | 'scalar', number> ? never : undefined);
    };

/** What a variant may need beyond one loss closure for one batch. */
export type Need = 'perSample' | 'shards' | 'previousBatch';

/** How many gradients a step asks for: a number, or from least to most; the same always, or by the step's number. */
export type GradientCount =
  | number
  | readonly [least: number, most: number]
  | ((step: number) => number | readonly [least: number, most: number]);

/**
 * What is left at ρ = 0: the base optimizer bit for bit (`exact`), to the rounding of a few operations
 * (`rounding`), or something else (`none`).
 */
export type Limit = 'exact' | 'rounding' | 'none';

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
  /** Perturbation and update on one line, in the paper's letters. */
  readonly equation?: string;
  /** How many gradients a step asks for; each of those of a part of the batch counts. */
  readonly gradients?: GradientCount;
  /** What is left at ρ = 0. */
  readonly limit?: Limit;
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
  /** See {@link Definition.equation}. */
  readonly equation?: string;
  /** See {@link Definition.gradients}. */
  readonly gradients?: GradientCount;
  /** See {@link Definition.limit}. */
  readonly limit?: Limit;
  /** See {@link Definition.needs}. */
  readonly needs: readonly Need[];
  /** See {@link Definition.state}. */
  readonly state: StateShape;
  /** Of what a combinator has made it; its options are then the combinator's. */
  readonly made?: Made;
  /** See {@link Definition.step}. */
  step<T>(given: Step<T>): Procedure<T, Outcome<T>>;
}

/** How a variant was made of another. */
export interface Made {
  /** The combinator's name, as {@link recipeOf} writes it down: `every`. */
  readonly by: string;
  /** The variant it was given. */
  readonly of: Variant;
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
  // A host hands out the state that the variant declares.
  return { options: {}, needs: [], state: {}, ...definition } as Variant;
}
