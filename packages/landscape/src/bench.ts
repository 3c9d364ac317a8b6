import {
  type Algebra,
  Arena,
  checkEvaluation,
  type EvaluateRequest,
  type Evaluation,
  type LossAndGradient,
  leaves,
  map,
  type ParamTree,
  type Procedure,
  read,
} from '@flatmin/core';
import { treeMath } from '@flatmin/tree';
import type { AsyncLandscape, Given } from './measure.ts';

/** One measurement's memory: what the measure computes and what it is answered is freed at the end. */
export class Bench<T> {
  /** What the measure is given. */
  readonly given: Given<T>;
  readonly #algebra: Algebra<T>;
  readonly #arena: Arena<T>;
  readonly #handedOut: T[] = [];

  constructor({ algebra, weights }: Pick<AsyncLandscape<T>, 'algebra' | 'weights'>) {
    this.#algebra = algebra;
    this.#arena = new Arena(algebra, leaves(weights));
    this.given = { math: treeMath(this.#arena.algebra), weights, keep: (tree) => this.#keep(tree) };
  }

  /** Takes in what was evaluated; reads its loss where the request is for losses too. */
  *evaluation({ weights, losses }: EvaluateRequest<T>, answer: LossAndGradient<T>): Procedure<T, Evaluation<T>> {
    const { loss, gradient } = this.#owned(weights, answer);
    const { algebra } = this.#arena;
    const evaluation = { loss: typeof loss === 'number' ? algebra.scalar(loss) : loss, gradient };
    checkEvaluation('measure: evaluate', algebra, weights, evaluation as Evaluation<T>);
    const taken = evaluation as Evaluation<T>;
    return losses === undefined
      ? taken
      : { ...taken, losses: [typeof loss === 'number' ? loss : yield* read(taken.loss)] };
  }

  /** The loss alone of what was evaluated; all leaves of the answer are freed at once. */
  *lossOf(weights: ParamTree<T>, answer: Partial<LossAndGradient<T>>): Procedure<T, readonly number[]> {
    const { loss, gradient = [] } = this.#owned(weights, answer);
    if (loss === undefined || loss === null) {
      throw new TypeError('measure: the function returned no loss; return a number or a scalar.');
    }
    const value = typeof loss === 'number' ? loss : yield* read(loss);
    for (const leaf of leaves<T | number>([loss, gradient])) {
      if (typeof leaf !== 'number') this.#arena.algebra.dispose(leaf);
    }
    return [value];
  }

  /** Frees what was kept: of a measure that failed nobody has it. */
  takeBack(): void {
    for (const leaf of this.#handedOut.splice(0)) this.#algebra.dispose(leaf);
  }

  /** Frees all but what was kept. */
  end(): void {
    this.#arena.end();
  }

  #keep<S extends ParamTree<T>>(tree: S): S {
    const kept = this.#arena.keep(tree);
    this.#handedOut.push(...leaves<T>(kept));
    return kept;
  }

  // A leaf that was handed in may come back, as in L = ½‖w‖²: its owner frees it, so the answer is given another.
  #owned(weights: ParamTree<T>, answer: Partial<LossAndGradient<T>> | undefined): Partial<LossAndGradient<T>> {
    const asked = new Set<unknown>(leaves<T>(weights));
    const own = (leaf: T): T => {
      if (typeof leaf !== 'object' || leaf === null) return leaf;
      return asked.has(leaf) ? this.#arena.algebra.share(leaf) : this.#arena.own(leaf);
    };
    return map(own as never, { ...answer } as ParamTree<T>) as Partial<LossAndGradient<T>>;
  }
}
