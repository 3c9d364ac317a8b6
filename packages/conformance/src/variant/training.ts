import {
  type Asked,
  type BaseOptimizer,
  type LossAndGradient,
  leaves,
  map,
  type Optimizer,
  type OptimizerState,
  type ParamTree,
  type SharpnessAwareOptions,
  type StepResult,
  sharpnessAware,
  type Variant,
} from '@flatmin/core';
import type { SyncBackend } from '../backend.ts';
import type { NetworkProblem } from '../network-problem.ts';
import { type Numbers, numbersByPath } from '../numbers.ts';

/** One call of the function that is minimised. */
export interface Call<T> {
  readonly weights: ParamTree<T>;
  readonly asked: Asked;
  /** Its place in the step: 1 is the first. */
  readonly number: number;
}

/** Stands between the optimizer and the function; `answer` asks the function. */
export type Around<T> = (call: Call<T>, answer: () => LossAndGradient<T>) => LossAndGradient<T>;

/** {@link Around} that takes its time. */
export type AroundAsync<T> = (call: Call<T>, answer: () => LossAndGradient<T>) => Promise<LossAndGradient<T>>;

/** What a step did. */
export interface Taken {
  /** What was asked, in order. */
  readonly calls: readonly Asked[];
  /** Why it was skipped, if it was. */
  readonly skipped: string | undefined;
}

/** What a training is made of. */
export interface Parts<T> {
  readonly base: BaseOptimizer;
  readonly variant: Variant;
  readonly backend: SyncBackend<T>;
  readonly problem: NetworkProblem<T>;
  readonly options: SharpnessAwareOptions;
  /** Told each step before it begins. */
  readonly beginsStep: (step: number) => void;
}

/** An optimizer at work on a problem that offers everything; frees what its caller owns. */
export class Training<T> {
  readonly optimizer: Optimizer<T>;
  /** w, as they now are. */
  weights: ParamTree<T>;
  readonly #parts: Parts<T>;
  #step = 0;

  constructor(parts: Parts<T>) {
    const { base, variant, backend, problem, options } = parts;
    this.#parts = parts;
    this.optimizer = sharpnessAware(base, variant, backend.algebra, {
      offers: ['perSample', 'shards', 'previousBatch'],
      ...options,
    });
    this.weights = problem.start();
  }

  /**
   * Takes a step; one that throws or is skipped is to be taken again.
   *
   * @param settled called when the step is done and the weights that it was given are still there
   */
  step(around: Around<T> = (_, answer) => answer(), settled = (): void => {}): Taken {
    const { calls, called } = this.#begin();
    const result = this.optimizer.step(this.weights, (weights, asked) => around(...called(weights, asked)));
    settled();
    return this.#end(result, calls);
  }

  /** {@link Training.step}, awaited. */
  async stepAsync(around: AroundAsync<T>): Promise<Taken> {
    const { calls, called } = this.#begin();
    const result = await this.optimizer.stepAsync(this.weights, (weights, asked) => around(...called(weights, asked)));
    return this.#end(result, calls);
  }

  /** The weights as numbers. */
  numbers(): Numbers {
    return numbersByPath(this.weights, this.#parts.backend);
  }

  /** The loss over all samples. */
  loss(): number {
    return this.#parts.problem.loss(this.weights);
  }

  /** The state of variant and base as numbers, by name and path. */
  state(): Numbers {
    return this.#withState(({ state, base }) =>
      numbersByPath({ state, base: base.state } as ParamTree<T>, this.#parts.backend),
    );
  }

  /** How many leaves there must be alive: the weights, and the state of variant and base. */
  held(): number {
    return leaves(this.weights).length + this.#withState((state) => leavesOf(state).length);
  }

  /** Goes on from where another training stands, in place of the start. */
  continue(other: Training<T>): void {
    const { algebra } = this.#parts.backend;
    other.#withState((state) => this.optimizer.restore(state));
    this.#free(this.weights);
    this.weights = map((leaf: T) => algebra.share(leaf), other.weights);
    this.#step = other.#step;
  }

  /** Frees weights and state. */
  end(): void {
    this.#free(this.weights);
    this.weights = [];
    this.optimizer.dispose();
  }

  #begin(): { calls: Asked[]; called: (weights: ParamTree<T>, asked: Asked) => Parameters<Around<T>> } {
    const { problem, beginsStep } = this.#parts;
    const evaluate = problem.at(this.#step);
    const calls: Asked[] = [];
    beginsStep(this.#step);
    return {
      calls,
      called: (weights, asked) => {
        calls.push(asked);
        return [{ weights, asked, number: calls.length }, () => evaluate(weights, asked)];
      },
    };
  }

  #end({ weights, loss, diagnostics, skipped }: StepResult<T>, calls: readonly Asked[]): Taken {
    this.#free([this.weights, loss, diagnostics]);
    this.weights = weights;
    if (skipped === undefined) this.#step++;
    return { calls, skipped };
  }

  #withState<R>(use: (state: OptimizerState<T>) => R): R {
    const state = this.optimizer.state();
    try {
      return use(state);
    } finally {
      this.#free(leavesOf(state));
    }
  }

  #free(tree: ParamTree<T>): void {
    for (const leaf of leaves(tree)) this.#parts.backend.algebra.dispose(leaf);
  }
}

const leavesOf = <T>({ state, resting, base }: OptimizerState<T>): T[] =>
  leaves<T>([state, resting, base.state, base.resting]);
