import { type Algebra, leaves, type ParamTree, type TreeMath, treeMath } from '@flatmin/tree';
import { Arena } from './arena.ts';
import { type Asked, askedOf, type LossAndGradient, onlyLosses } from './asked.ts';
import type { BaseOptimizer } from './base.ts';
import { drive, driveAsync } from './drive.ts';
import { checkNeeds } from './host.ts';
import { FiniteCheck, NonFiniteError } from './non-finite.ts';
import { checkKeys } from './options.ts';
import type { Evaluation, Procedure } from './protocol.ts';
import { rolesOf } from './roles.ts';
import { valueAt } from './schedule.ts';
import { type Proposal, Session } from './session.ts';
import { checkSnapshot, type OptimizerState } from './snapshot.ts';
import { StateStore } from './state.ts';
import type { SessionOptions } from './turn.ts';
import type { Need, State, Variant } from './variant.ts';

/** Options of {@link sharpnessAware}. */
export interface SharpnessAwareOptions extends SessionOptions {
  /** What the evaluating function can do beyond one loss for one batch. Default: nothing. */
  readonly offers?: readonly Need[];
}

/** What a step returns. All leaves belong to the caller. */
export interface StepResult<T, S extends ParamTree<T> = ParamTree<T>> {
  /** The new weights; those given stay as they were. */
  readonly weights: S;
  /** The loss of the first evaluation. */
  readonly loss: T;
  /** What the variant reports, by name; see {@link withDiagnostics}. */
  readonly diagnostics: Readonly<Record<string, T>>;
  /** Why the step was skipped, if it was: the weights are then the old ones. */
  readonly skipped?: string;
}

/** A base optimizer around which a variant works, over one backend. Made by {@link sharpnessAware}. */
export class Optimizer<T> {
  readonly #base: BaseOptimizer;
  readonly #session: Session<T>;
  readonly #roles: SessionOptions['roles'];
  readonly #store: StateStore<T>;
  readonly #ignores: boolean;
  #updates = 0;

  /** Use {@link sharpnessAware}. */
  constructor(base: BaseOptimizer, variant: Variant, algebra: Algebra<T>, options: SharpnessAwareOptions = {}) {
    checkKeys('sharpnessAware', options, ['seed', 'perturb', 'roles', 'nonFinite', 'offers']);
    const { offers = [], ...sessionOptions } = options;
    checkNeeds(variant, { offers, remedy: 'give a function that can, and say so by the option offers' });
    this.#base = base;
    this.#session = new Session(variant, algebra, sessionOptions);
    this.#roles = options.roles;
    this.#ignores = options.nonFinite === 'ignore';
    this.#store = new StateStore(algebra, base.state);
  }

  /** Steps done. */
  get steps(): number {
    return this.#session.step;
  }

  /** Steps skipped because something was not finite. */
  get skipped(): number {
    return this.#session.skipped;
  }

  /** Gradients computed in all. */
  get gradientEvaluations(): number {
    return this.#session.gradientEvaluations;
  }

  /** The base optimizer's learning rate at the next step. */
  get learningRate(): number {
    const { name, learningRate } = this.#base;
    return valueAt(`${name}: learningRate`, learningRate, { step: this.steps, learningRate: Number.NaN });
  }

  /**
   * Does one step. A step that fails leaves weights and state as they were.
   *
   * @param weights w, unchanged by this
   * @param evaluate loss and gradient at any weights, on this step's batch
   * @throws NonFiniteError when something is not finite, unless such steps are skipped
   */
  step<S extends ParamTree<T>>(
    weights: S,
    evaluate: (weights: S, asked: Asked) => LossAndGradient<T, NoInfer<S>>,
  ): StepResult<T, S> {
    const { learningRate } = this;
    const proposal = this.#session.run(weights, learningRate, {
      evaluate: (request, first) => this.#taken(evaluate(request.weights as S, askedOf(request, first))),
      losses: ({ weights, shard }) => evaluate(weights as S, onlyLosses(shard)).losses ?? [],
    });
    return drive(this.#finish(weights, learningRate, proposal), this.#session.algebra) as StepResult<T, S>;
  }

  /** {@link Optimizer.step} with a function that may take its time. Steps never overlap: await one before the next. */
  async stepAsync<S extends ParamTree<T>>(
    weights: S,
    evaluate: (weights: S, asked: Asked) => Promise<LossAndGradient<T, NoInfer<S>>> | LossAndGradient<T, NoInfer<S>>,
  ): Promise<StepResult<T, S>> {
    const { learningRate } = this;
    const proposal = await this.#session.runAsync(weights, learningRate, {
      evaluate: async (request, first) => this.#taken(await evaluate(request.weights as S, askedOf(request, first))),
      losses: async ({ weights, shard }) => (await evaluate(weights as S, onlyLosses(shard))).losses ?? [],
    });
    const finish = this.#finish(weights, learningRate, proposal);
    return (await driveAsync(finish, this.#session.algebra)) as StepResult<T, S>;
  }

  /** Where training stands beside the weights: to be restored, into this optimizer or another like it. */
  state(): OptimizerState<T> {
    const session = this.#session.snapshot();
    return { ...session, base: { name: this.#base.name, updates: this.#updates, ...this.#store.snapshot() } };
  }

  /**
   * Goes on from where a state was taken: with the weights of then the same steps follow, bit for bit. The state
   * given stays as it was.
   *
   * @throws RangeError for the state of another variant or base optimizer; nothing is changed then
   */
  restore(state: OptimizerState<T>): void {
    const { base } = state;
    checkSnapshot(this.#base, base.name, base, base.updates > 0);
    this.#session.restore(state);
    this.#store.restore(base);
    this.#updates = base.updates;
  }

  /** Frees the state of variant and base; the next step starts with fresh ones. Refused while a step runs. */
  dispose(): void {
    this.#session.dispose();
    this.#store.dispose();
    this.#updates = 0;
  }

  #taken(answer: LossAndGradient<T>): Evaluation<T> {
    if (answer instanceof Promise) {
      throw new TypeError('step: the function returned a promise; await stepAsync instead.');
    }
    // An answer that is missing altogether passes: the step refuses it by its number.
    if (typeof answer?.loss !== 'number') return answer as Evaluation<T>;
    return { ...answer, loss: this.#session.algebra.scalar(answer.loss) };
  }

  // The base optimizer's update and the shift, then both states at once: what throws before leaves all as it was.
  *#finish(weights: ParamTree<T>, learningRate: number, proposal: Proposal<T>): Procedure<T, StepResult<T>> {
    const { loss, direction, shift, diagnostics, skipped } = proposal;
    const arena = new Arena(this.#session.algebra, [...leaves(weights), ...this.#store.leaves]);
    for (const tree of [loss, diagnostics, direction ?? [], shift ?? []])
      for (const leaf of leaves<T>(tree)) arena.own(leaf);
    try {
      const math = treeMath(arena.algebra);
      const base = direction === undefined ? undefined : this.#updated(math, weights, direction, learningRate);
      const moved = base?.weights ?? weights;
      const shifted = shift === undefined ? moved : math.add(moved, shift);
      const check = new FiniteCheck(math);
      check.watch('a weight after the update', shifted);
      for (const [name, tree] of Object.entries(base?.state ?? {})) check.watch(`the state "${name}"`, tree);
      const trouble = this.#ignores ? undefined : yield* check.verdict();
      if (trouble !== undefined)
        throw new NonFiniteError(`${this.#base.name}: ${trouble} (step ${this.steps}); lower the learning rate.`);
      const state = base && arena.keep(base.state);
      const result: StepResult<T> = {
        weights: arena.keep(shifted),
        loss: arena.keep(loss),
        diagnostics: arena.keep(diagnostics),
        ...(skipped === undefined ? {} : { skipped }),
      };
      this.#commit(state);
      proposal.commit();
      return result;
    } finally {
      proposal.discard();
      arena.end();
    }
  }

  #updated(
    math: TreeMath<T>,
    weights: ParamTree<T>,
    direction: ParamTree<T>,
    learningRate: number,
  ): { weights: ParamTree<T>; state: State<T> } {
    const state = this.#store.at(math, weights);
    const updated = this.#base.update({
      math,
      weights,
      direction,
      roles: rolesOf(weights, this.#roles),
      state,
      update: this.#updates + 1,
      learningRate,
    });
    return { weights: updated.weights, state: { ...state, ...updated.state } };
  }

  #commit(state: State<T> | undefined): void {
    if (state === undefined) return;
    this.#store.commit(state);
    this.#updates++;
  }
}

/**
 * A variant around a base optimizer: trains any tree of weights, with any backend's arithmetic and no framework.
 *
 * @param base takes the variant's direction to new weights
 * @param variant asks for gradients and returns a direction
 * @param algebra the arithmetic of the backend whose leaves the weights are
 * @throws RangeError for options that make no sense
 * @throws Error for a variant that needs what is not offered
 * @example
 * ```ts
 * const optimizer = sharpnessAware(momentum({ learningRate: 0.1 }), sam({ rho: 0.05 }), float64);
 * let weights = { w: Float64Array.of(1, -2) };
 * for (let i = 0; i < 100; i++) ({ weights } = optimizer.step(weights, lossAndGradient));
 * ```
 */
export function sharpnessAware<T>(
  base: BaseOptimizer,
  variant: Variant,
  algebra: Algebra<T>,
  options: SharpnessAwareOptions = {},
): Optimizer<T> {
  return new Optimizer(base, variant, algebra, options);
}
