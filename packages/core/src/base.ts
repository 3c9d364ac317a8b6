import type { ParamTree, TreeMath } from '@flatmin/tree';
import type { Role } from './roles.ts';
import type { Schedule } from './schedule.ts';
import type { State, StateShape } from './variant.ts';

/** What a base optimizer is given at each step. */
export interface BaseStep<T, D extends StateShape = StateShape> {
  readonly math: TreeMath<T>;
  /** w */
  readonly weights: ParamTree<T>;
  /** What takes the gradient's place, as the variant returned it. */
  readonly direction: ParamTree<T>;
  /** What each leaf is, for weight decay that spares biases. */
  readonly roles: ParamTree<Role>;
  readonly state: State<T, D>;
  /** Updates done, this one included: 1 at the first. */
  readonly update: number;
  readonly learningRate: number;
}

/** What a base optimizer returns. */
export interface BaseUpdate<T, D extends StateShape = StateShape> {
  readonly weights: ParamTree<T>;
  readonly state?: State<T, D>;
}

/** What {@link defineBase} is given. */
export interface BaseDefinition<D extends StateShape> {
  readonly name: string;
  readonly learningRate: Schedule;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly state?: D;
  update<T>(given: BaseStep<T, D>): BaseUpdate<T, D>;
}

/** A base optimizer: takes a direction to new weights, with any backend's arithmetic. */
export interface BaseOptimizer {
  readonly name: string;
  readonly learningRate: Schedule;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: StateShape;
  update<T>(given: BaseStep<T>): BaseUpdate<T>;
}

/** Makes a base optimizer; the types of its state follow from how the state begins. */
export function defineBase<D extends StateShape = Record<never, never>>(definition: BaseDefinition<D>): BaseOptimizer {
  return { options: {}, state: {}, ...definition };
}
