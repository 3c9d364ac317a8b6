import { type Algebra, leaves, type ParamTree, type TreeMath, treeMath, zip } from '@flatmin/tree';
import { Arena } from './arena.ts';
import { FiniteCheck, NonFiniteError } from './non-finite.ts';
import type { EvaluateRequest, Evaluation, Procedure } from './protocol.ts';
import { randomOf } from './random.ts';
import { type LeafSelector, maskOf, type Role, rolesOf } from './roles.ts';
import { initialState } from './state.ts';
import type { Outcome, State, Step, Variant } from './variant.ts';

/** How a {@link Session} treats its variant's steps. */
export interface SessionOptions {
  /** Seed of the variant's random draws. Default 0. */
  readonly seed?: number;
  /** The leaves that take part in the perturbation and its norm. Default: all. */
  readonly perturb?: LeafSelector;
  /** A leaf's role, where the name does not tell it; `undefined` falls back to {@link roleOf}. */
  readonly roles?: (path: string) => Role | undefined;
  /** On a loss or gradient that is not finite: `error` (default), or `skip` the step and count it. */
  readonly nonFinite?: 'error' | 'skip';
}

/** What one step starts from. */
export interface Beginning<T> {
  readonly algebra: Algebra<T>;
  readonly variant: Variant;
  readonly options: SessionOptions;
  readonly weights: ParamTree<T>;
  readonly state: State<T> | undefined;
  readonly step: number;
  readonly skipped: number;
  readonly learningRate: number;
}

/** What came out of a step: to be applied, then committed. All leaves belong to the caller. */
export interface Result<T> {
  readonly loss: T;
  readonly direction?: ParamTree<T>;
  readonly shift?: ParamTree<T>;
  readonly diagnostics: Readonly<Record<string, T>>;
  /** The variant's next state. */
  readonly state: State<T>;
  /** Why the step is to be skipped, if it is. */
  readonly skipped?: string;
}

/** One step in progress: the variant's procedure, the leaves it makes, and what it has seen. */
export class Turn<T> {
  readonly #beginning: Beginning<T>;
  readonly #arena: Arena<T>;
  readonly #math: TreeMath<T>;
  readonly #check: FiniteCheck<T>;
  readonly #shards = new Set<number>();
  #loss: T | undefined;

  /** How many evaluations were answered. */
  evaluations = 0;

  constructor(beginning: Beginning<T>) {
    this.#beginning = beginning;
    this.#arena = new Arena(beginning.algebra, leaves(beginning.weights), beginning.state);
    this.#math = treeMath(this.#arena.algebra, new WeakMap());
    this.#check = new FiniteCheck(this.#math);
  }

  /** The variant's step, and the inspection of what came out of it. */
  *procedure(): Procedure<T, Result<T>> {
    const { variant, options, step } = this.#beginning;
    const given = this.#given();
    const outcome = yield* variant.step(given);
    this.#watch(outcome);
    const trouble = yield* this.#check.verdict();
    if (trouble !== undefined && options.nonFinite !== 'skip') {
      throw new NonFiniteError(
        `${variant.name}: ${trouble} (step ${step}); lower the learning rate, check the data, or pass { nonFinite: 'skip' } to skip and count such steps.`,
      );
    }
    return trouble === undefined
      ? this.#keep(given.state, outcome)
      : { ...this.#keep(given.state, {}), skipped: trouble };
  }

  /** Whether the next evaluation of this request is the one with side effects. */
  first({ shard, batch }: EvaluateRequest<T>): boolean {
    const index = shard?.index ?? -1;
    if (batch !== undefined || this.#shards.has(index)) return false;
    this.#shards.add(index);
    return true;
  }

  /** Takes an evaluation's results into the step. */
  take(evaluation: Evaluation<T>): Evaluation<T> {
    const { loss, gradient, losses } = evaluation;
    const number = ++this.evaluations;
    this.#arena.own(loss);
    for (const leaf of leaves(gradient)) this.#arena.own(leaf);
    if (losses !== undefined) this.#arena.own(losses);
    this.#loss ??= loss;
    this.#check.watch(`the loss of evaluation ${number}`, loss);
    this.#check.watch(`the gradient of evaluation ${number}`, gradient);
    return evaluation;
  }

  /** Frees what was not kept. */
  end(): void {
    this.#arena.end();
  }

  #given(): Step<T> {
    const { variant, options, weights, state, step, skipped, learningRate } = this.#beginning;
    const math = this.#math;
    let roles: ParamTree<Role> | undefined;
    const rolesOfLeaves = (): ParamTree<Role> => {
      roles ??= rolesOf(weights, options.roles);
      return roles;
    };
    return {
      math,
      weights,
      get roles() {
        return rolesOfLeaves();
      },
      select:
        options.perturb === undefined
          ? (tree) => tree
          : selection(math, variant.name, options.perturb, rolesOfLeaves()),
      state: state ?? initialState(math, variant.state, weights),
      step,
      learningRate,
      random: randomOf(math, options.seed ?? 0, step + skipped),
    };
  }

  #watch({ direction, shift, state = {} }: Outcome<T>): void {
    if (direction !== undefined) this.#check.watch('the direction', direction);
    if (shift !== undefined) this.#check.watch('the shift', shift);
    for (const [name, tree] of Object.entries(state))
      if (tree !== undefined) this.#check.watch(`the state "${name}"`, tree);
  }

  #keep(state: State<T>, { direction, shift, diagnostics = {}, state: changed }: Outcome<T>): Result<T> {
    const arena = this.#arena;
    // The state first: what it shares with the direction stays its own, and the direction gets the copy.
    const next = arena.keepState({ ...state, ...changed } as State<T>);
    return {
      state: next,
      loss: arena.keep(this.#lossOrRefuse()) as T,
      ...(direction === undefined ? {} : { direction: arena.keep(direction) }),
      ...(shift === undefined ? {} : { shift: arena.keep(shift) }),
      diagnostics: arena.keep(diagnostics) as Readonly<Record<string, T>>,
    };
  }

  #lossOrRefuse(): T {
    if (this.#loss !== undefined) return this.#loss;
    throw new Error(
      `${this.#beginning.variant.name} returned without an evaluation; a step must evaluate at least once.`,
    );
  }
}

function selection<T>(
  { leaf }: TreeMath<T>,
  name: string,
  perturb: LeafSelector,
  roles: ParamTree<Role>,
): Step<T>['select'] {
  const mask = maskOf(perturb, roles);
  const chosen = leaves(mask);
  if (!chosen.includes(true)) {
    throw new RangeError(`${name}: perturb selects none of the weights; name a path or role that they have.`);
  }
  if (!chosen.includes(false)) return (tree) => tree;
  return <S extends ParamTree<T>>(tree: S): S =>
    zip((x: T, on: boolean) => (on ? x : leaf.full(x, 0)), tree, mask) as S;
}
