import { type Algebra, leaves, type ParamTree } from '@flatmin/tree';
import { drive, driveAsync } from './drive.ts';
import type { AsyncHost, Host } from './host.ts';
import { checkKeys, checkNumber } from './options.ts';
import type { EvaluateRequest, Evaluation, LossesRequest } from './protocol.ts';
import { checkSelector } from './roles.ts';
import { checkSnapshot, type SessionSnapshot } from './snapshot.ts';
import { type Resting, StateStore } from './state.ts';
import { type Result, type SessionOptions, Turn } from './turn.ts';
import type { State, Variant } from './variant.ts';

/**
 * A step that was computed and not yet counted. Apply direction and shift, then `commit`; a proposal that
 * is not to be applied is `discard`ed. The next step waits for either; a second call of either does nothing.
 * Loss, direction, shift and diagnostics belong to the caller in both cases.
 */
export interface Proposal<T> extends Omit<Result<T>, 'state'> {
  /**
   * Makes the next state the variant's state, and counts the step.
   *
   * @param tookPart whether the weight of this path took part in the step; of one on which the loss did not depend the
   * state stays as it was. Default: all did
   */
  commit(tookPart?: (path: string) => boolean): void;
  /** Frees the next state; all is as before the step. */
  discard(): void;
}

/**
 * A variant at work: its state, its steps, one at a time. The part that bindings to engines build upon.
 *
 * @example
 * ```ts
 * const session = new Session(sam(), float64);
 * const proposal = session.run(weights, learningRate, { evaluate: ({ weights }) => lossAndGradient(weights) });
 * apply(proposal.direction);
 * proposal.commit();
 * ```
 */
export class Session<T> {
  /** The variant at work. */
  readonly variant: Variant;
  /** The arithmetic of the backend. */
  readonly algebra: Algebra<T>;
  readonly #options: SessionOptions;
  readonly #store: StateStore<T>;
  #seed: number;
  #step = 0;
  #skipped = 0;
  #evaluations = 0;
  #running = false;

  constructor(variant: Variant, algebra: Algebra<T>, options: SessionOptions = {}) {
    checkKeys(variant.name, options, ['seed', 'perturb', 'roles', 'nonFinite']);
    const { seed = 0, nonFinite = 'error', perturb, roles } = options;
    checkNumber(variant.name, 'seed', seed, { integer: true });
    if (perturb !== undefined) checkSelector(variant.name, 'perturb', perturb);
    if (roles !== undefined && typeof roles !== 'function') {
      throw new RangeError(`${variant.name}: roles is not a function; give one that takes a path to a role.`);
    }
    if (!['error', 'skip', 'ignore'].includes(nonFinite)) {
      throw new RangeError(
        `${variant.name}: nonFinite is ${JSON.stringify(nonFinite)}; give 'error', 'skip' or 'ignore'.`,
      );
    }
    this.variant = variant;
    this.algebra = algebra;
    this.#options = options;
    this.#store = new StateStore(algebra, variant.state);
    this.#seed = seed;
  }

  /** The variant's state by name; empty before the first step. */
  get state(): State<T> {
    return this.#store.state;
  }

  /** The state of weights that took no part in the last step. */
  get resting(): Resting<T> {
    return this.#store.resting;
  }

  /** Seed of the variant's random draws. */
  get seed(): number {
    return this.#seed;
  }

  /** Steps committed. */
  get step(): number {
    return this.#step;
  }

  /** Steps skipped because something was not finite. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Gradients computed in all, those of failed and skipped steps included. */
  get gradientEvaluations(): number {
    return this.#evaluations;
  }

  /**
   * Computes one step. A step that fails changes nothing.
   *
   * @throws NonFiniteError when a loss, a gradient or a result is not finite, unless such steps are skipped
   */
  run(weights: ParamTree<T>, learningRate: number, host: Host<T>): Proposal<T> {
    const turn = this.#begin(weights, learningRate);
    try {
      const evaluate = (request: EvaluateRequest<T>): Evaluation<T> => {
        const call = turn.ask(request);
        return turn.take(call, host.evaluate(request, call.first));
      };
      const losses = host.losses && ((request: LossesRequest<T>) => turn.takeLosses(host.losses?.(request)));
      return this.#propose(drive(turn.procedure(), this.algebra, evaluate, losses));
    } catch (error) {
      this.#running = false;
      throw error;
    } finally {
      this.#end(turn);
    }
  }

  /** {@link Session.run} with a host that may take its time. A second call while one runs is refused. */
  async runAsync(weights: ParamTree<T>, learningRate: number, host: AsyncHost<T>): Promise<Proposal<T>> {
    const turn = this.#begin(weights, learningRate);
    try {
      const evaluate = async (request: EvaluateRequest<T>): Promise<Evaluation<T>> => {
        const call = turn.ask(request);
        return turn.take(call, await host.evaluate(request, call.first));
      };
      const losses =
        host.losses && (async (request: LossesRequest<T>) => turn.takeLosses(await host.losses?.(request)));
      return this.#propose(await driveAsync(turn.procedure(), this.algebra, evaluate, losses));
    } catch (error) {
      this.#running = false;
      throw error;
    } finally {
      this.#end(turn);
    }
  }

  /** Where the session stands: to be restored, into this session or another of the same variant. */
  snapshot(): SessionSnapshot<T> {
    this.#refuseWhileRunning('before taking a snapshot');
    return {
      variant: this.variant.name,
      seed: this.#seed,
      step: this.#step,
      skipped: this.#skipped,
      ...this.#store.snapshot(),
    };
  }

  /**
   * Goes on from where a snapshot was taken: the same steps follow, bit for bit. The snapshot stays as it was.
   *
   * @throws RangeError for the snapshot of another variant
   */
  restore(snapshot: SessionSnapshot<T>): void {
    this.check(snapshot);
    this.#store.restore(snapshot);
    this.#seed = snapshot.seed;
    this.#step = snapshot.step;
    this.#skipped = snapshot.skipped;
  }

  /** Refuses what {@link Session.restore} would refuse. */
  check(snapshot: SessionSnapshot<T>): void {
    this.#refuseWhileRunning('before restoring');
    checkSnapshot(this.variant, snapshot.variant, snapshot);
  }

  /** Frees the state; the next step starts with a fresh one. Refused while a step runs. */
  dispose(): void {
    this.#refuseWhileRunning('before disposing');
    this.#store.dispose();
  }

  #begin(weights: ParamTree<T>, learningRate: number): Turn<T> {
    this.#refuseWhileRunning('before the next');
    const turn = new Turn({
      algebra: this.algebra,
      variant: this.variant,
      options: { ...this.#options, seed: this.#seed },
      weights,
      store: this.#store,
      step: this.#step,
      skipped: this.#skipped,
      learningRate,
    });
    this.#running = true;
    return turn;
  }

  #refuseWhileRunning(when: string): void {
    if (this.#running) throw new Error(`${this.variant.name}: a step is still running; finish (await) it ${when}.`);
  }

  #end(turn: Turn<T>): void {
    this.#evaluations += turn.evaluations;
    turn.end();
  }

  #free(state: State<T>): void {
    for (const leaf of leaves<T>(state)) this.algebra.dispose(leaf);
  }

  #propose({ state: next, ...result }: Result<T>): Proposal<T> {
    let open = true;
    const close = (then: () => void): void => {
      if (!open) return;
      open = false;
      this.#running = false;
      then();
    };
    return {
      ...result,
      commit: (tookPart) =>
        close(() => {
          this.#store.commit(next, tookPart);
          if (result.skipped === undefined) this.#step++;
          else this.#skipped++;
        }),
      discard: () => close(() => this.#free(next)),
    };
  }
}
