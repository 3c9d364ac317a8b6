import { type Algebra, leaves, type ParamTree, type TreeMath, treeMath, zip } from '@flatmin/tree';
import { Arena } from './arena.ts';
import { checkEvaluation, checkLosses } from './check-evaluation.ts';
import { FiniteCheck, NonFiniteError } from './non-finite.ts';
import type { EvaluateRequest, Evaluation, Procedure } from './protocol.ts';
import { randomOf } from './random.ts';
import { type LeafSelector, maskOf, type Role, rolesOf } from './roles.ts';
import { present, type StateStore } from './state.ts';
import type { Outcome, State, Step, Variant } from './variant.ts';

/** How a {@link Session} treats its variant's steps. */
export interface SessionOptions {
  /** Seed of the variant's random draws. Default 0. */
  readonly seed?: number;
  /** The leaves that take part in the perturbation and its norm. Default: all. */
  readonly perturb?: LeafSelector;
  /** A leaf's role, where the name does not tell it; `undefined` leaves it to the name. */
  readonly roles?: (path: string) => Role | undefined;
  /**
   * On a loss or gradient that is not finite: `error` (default), or `skip` the step and count it. Either reads one number
   * from the device at the step's end. With `ignore` nothing is looked for and nothing read, which a graphics card need not
   * wait for; what is not finite then goes into the weights.
   */
  readonly nonFinite?: 'error' | 'skip' | 'ignore';
}

/** What one step starts from. */
export interface Beginning<T> {
  readonly algebra: Algebra<T>;
  readonly variant: Variant;
  readonly options: SessionOptions & { readonly seed: number };
  readonly weights: ParamTree<T>;
  readonly store: StateStore<T>;
  readonly step: number;
  readonly skipped: number;
  readonly learningRate: number;
}

/** What came out of a step: to be applied, then committed. All leaves belong to the caller. */
export interface Result<T> {
  /** The loss of the first evaluation; with shards, the mean of theirs. */
  readonly loss: T;
  /** Goes to the base optimizer as its gradient; absent: the base rests this step. */
  readonly direction?: ParamTree<T>;
  /** To be added to the weights after the base optimizer's step. */
  readonly shift?: ParamTree<T>;
  /** What the variant reports, by name. */
  readonly diagnostics: Readonly<Record<string, T>>;
  /** The variant's next state. */
  readonly state: State<T>;
  /** Why the step is to be skipped, if it is. */
  readonly skipped?: string;
}

/** An evaluation that was asked for, and later answered. */
export interface Call<T> {
  readonly request: EvaluateRequest<T>;
  /** Its place within the step, in the order of asking: 1 is the first. */
  readonly number: number;
  /** Whether it is the one with side effects. */
  readonly first: boolean;
  evaluation?: Evaluation<T>;
}

/** One step in progress: the variant's procedure, the leaves it makes, and what it has asked. */
export class Turn<T> {
  readonly #beginning: Beginning<T>;
  readonly #arena: Arena<T>;
  readonly #norms = new WeakMap<object, T>();
  readonly #math: TreeMath<T>;
  // In the order of asking: answers may come in any order, and nothing may depend on it.
  readonly #calls: Call<T>[] = [];
  #stop: NonFiniteError | undefined;

  constructor(beginning: Beginning<T>) {
    this.#beginning = beginning;
    this.#arena = new Arena(beginning.algebra, [...leaves(beginning.weights), ...beginning.store.leaves]);
    this.#math = treeMath(this.#arena.algebra, this.#norms);
  }

  /** How many evaluations were answered. */
  get evaluations(): number {
    return this.#calls.filter(({ evaluation }) => evaluation !== undefined).length;
  }

  /** The variant's step, and the inspection of what came out of it. */
  *procedure(): Procedure<T, Result<T>> {
    const { variant, options, step } = this.#beginning;
    const given = this.#given();
    const { outcome, trouble } = yield* this.#inspected(variant.step(given));
    if (trouble !== undefined && options.nonFinite !== 'skip') {
      throw new NonFiniteError(
        `${variant.name}: ${trouble} (step ${step}); lower the learning rate, check the data, or pass { nonFinite: 'skip' } to skip and count such steps.`,
      );
    }
    return trouble === undefined
      ? this.#keep(given.state, outcome)
      : { ...this.#keep(given.state, {}), skipped: trouble };
  }

  /** Writes down an evaluation on its way to the host. */
  ask(request: EvaluateRequest<T>): Call<T> {
    const call: Call<T> = { request, number: this.#calls.length + 1, first: this.#isFirst(request) };
    this.#calls.push(call);
    return call;
  }

  /** Takes what the host answered into the step. */
  take(call: Call<T>, evaluation: Evaluation<T>): Evaluation<T> {
    for (const leaf of leaves<T | undefined>([evaluation?.loss, evaluation?.gradient]))
      if (typeof leaf === 'object' && leaf !== null) this.#arena.own(leaf);
    const { variant, algebra } = this.#beginning;
    checkEvaluation(`${variant.name}: evaluation ${call.number}`, algebra, call.request.weights, evaluation);
    if (call.request.losses) checkLosses(`${variant.name}: evaluation ${call.number}`, evaluation.losses);
    call.evaluation = evaluation;
    return evaluation;
  }

  /**
   * Takes the losses of samples, which the host answered, into the step. One that is not finite ends it here: these
   * are numbers on the host, and what the variant would choose by them is no number that could tell.
   */
  takeLosses(losses: readonly number[] | undefined): readonly number[] {
    const checked = checkLosses(this.#beginning.variant.name, losses);
    const sample = checked.findIndex((loss) => !Number.isFinite(loss));
    if (sample < 0) return checked;
    this.#stop = new NonFiniteError(`the loss of sample ${sample} is not finite`);
    throw this.#stop;
  }

  /** Frees what was not kept. */
  end(): void {
    this.#arena.end();
  }

  *#inspected(step: Procedure<T, Outcome<T>>): Procedure<T, { outcome: Outcome<T>; trouble: string | undefined }> {
    try {
      const outcome = yield* step;
      const ignores = this.#beginning.options.nonFinite === 'ignore';
      return { outcome, trouble: ignores ? undefined : yield* this.#inspection(outcome).verdict() };
    } catch (error) {
      if (this.#stop === undefined || error !== this.#stop) throw error;
      return { outcome: {}, trouble: this.#stop.message };
    }
  }

  #given(): Step<T> {
    const { variant, options, weights, store, step, skipped, learningRate } = this.#beginning;
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
      state: store.at(math, weights),
      step,
      learningRate,
      random: randomOf(math, options.seed, step + skipped),
    };
  }

  // Side effects happen once for every sample: with its shard's first evaluation, or with the whole batch's.
  #isFirst({ shard, batch }: EvaluateRequest<T>): boolean {
    if (batch === 'previous') return false;
    const before = this.#calls.filter(({ request }) => request.batch !== 'previous');
    if (shard === undefined) return before.length === 0;
    return before.every(({ request }) => request.shard !== undefined && request.shard.index !== shard.index);
  }

  #inspection({ direction, shift, state = {} }: Outcome<T>): FiniteCheck<T> {
    const check = new FiniteCheck(this.#math, this.#norms);
    for (const { number, evaluation } of this.#calls) {
      if (evaluation === undefined) continue;
      check.watch(`the loss of evaluation ${number}`, evaluation.loss);
      check.watch(`the gradient of evaluation ${number}`, evaluation.gradient);
    }
    if (direction !== undefined) check.watch('the direction', direction);
    if (shift !== undefined) check.watch('the shift', shift);
    for (const [name, tree] of Object.entries(state)) if (tree !== undefined) check.watch(`the state "${name}"`, tree);
    return check;
  }

  #keep(state: State<T>, { direction, shift, diagnostics = {}, state: changed }: Outcome<T>): Result<T> {
    const arena = this.#arena;
    // The state first: what it shares with the direction stays its own, and the direction gets the copy.
    const next = arena.keep(present({ ...state, ...changed }));
    return {
      state: next,
      loss: arena.keep(this.#loss()),
      ...(direction === undefined ? {} : { direction: arena.keep(direction) }),
      ...(shift === undefined ? {} : { shift: arena.keep(shift) }),
      diagnostics: arena.keep(diagnostics),
    };
  }

  // With shards, each has its first evaluation, and the batch's loss is their mean.
  #loss(): T {
    const losses = this.#calls.flatMap(({ first, evaluation }) => (first && evaluation ? [evaluation.loss] : []));
    if (losses.length === 1) return losses[0]!;
    if (losses.length > 1) return this.#math.mean(losses) as T;
    throw new Error(
      `${this.#beginning.variant.name} returned without an evaluation of the batch; a step must evaluate at least once.`,
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
