import * as tf from '@tensorflow/tfjs-core';
import { sameVariables } from './same-variables.ts';
import {
  freeParts,
  fromHost,
  fromWeights,
  type NamedTensors,
  type OptimizerState,
  type Part,
  toHost,
  toWeights,
} from './saved-state.ts';

/** A `tf.Optimizer` whose state can be saved, as plain data and by `model.save`. */
export abstract class SavingOptimizer extends tf.Optimizer {
  /** What errors call it. */
  protected readonly owner: string;
  // After a state was restored: its variables, until it is known which they are now.
  #restored: readonly Pick<tf.Variable, 'name' | 'shape'>[] = [];
  #header: tf.Tensor | undefined;
  #disposed = false;

  constructor(owner: string) {
    super();
    this.owner = owner;
  }

  /** The parts of the state from the outermost optimizer to the innermost; their tensors stay their own. */
  protected abstract parts(): Promise<Part[]>;

  /** Refuses parts that {@link SavingOptimizer.takeParts} could not take. */
  protected abstract checkParts(parts: readonly Part[]): void;

  /** Goes on from these parts; their tensors stay the caller's. */
  protected abstract takeParts(parts: readonly Part[]): Promise<void>;

  /** Gives the variables of the state other names. */
  protected abstract rename(names: ReadonlyMap<string, string>): void;

  /**
   * Where the optimizer stands between two steps, all wrappers and the base included, as plain data on the host.
   *
   * @throws Error for a base of a class of your own that does not implement `getWeights`
   * @example
   * ```ts
   * await writeCheckpoint('run.ckpt', { epoch, weights, optimizer: await optimizer.state() });
   * ```
   */
  async state(): Promise<OptimizerState> {
    return toHost(await this.parts());
  }

  /**
   * Goes on from where a state was taken: with the weights of then the same steps follow, bit for bit. The variables
   * are found by name at the next step.
   *
   * @throws RangeError for what is no state, or that of another optimizer or variant; nothing is changed then
   */
  async restore(state: OptimizerState): Promise<void> {
    await this.#take(fromHost(this.owner, state));
  }

  /** What `model.save` writes with `includeOptimizer`: the same as {@link SavingOptimizer.state}, on the device. */
  override async getWeights(): Promise<NamedTensors> {
    const weights = toWeights(await this.parts());
    this.#header?.dispose();
    this.#header = weights[0]!.tensor;
    return weights;
  }

  /** Goes on from what {@link SavingOptimizer.getWeights} returned. */
  override async setWeights(weights: NamedTensors): Promise<void> {
    await this.#take(await fromWeights(this.owner, weights));
  }

  /** Frees what was made for saving. */
  override dispose(): void {
    this.#header?.dispose();
    this.#header = undefined;
    this.#restored = [];
    this.#disposed = true;
  }

  /**
   * Before a step, finds out which of the variables trained now are those of the state restored, if one was.
   *
   * @throws RangeError when they are not of one model
   * @throws Error after the optimizer was disposed of
   */
  protected settle(trained: () => readonly tf.Variable[]): void {
    // The optimizers of `tf.train` cannot begin afresh.
    if (this.#disposed) throw new Error(`${this.owner}: the optimizer was disposed of; make a new one.`);
    if (this.#restored.length === 0) return;
    const names = sameVariables(this.owner, this.#restored, trained());
    if (names.size > 0) this.rename(names);
    this.#restored = [];
  }

  async #take(parts: readonly Part[]): Promise<void> {
    try {
      this.checkParts(parts);
      await this.takeParts(parts);
      this.#restored = variablesOf(parts);
    } finally {
      freeParts(parts);
    }
  }
}

function variablesOf(parts: readonly Part[]): Pick<tf.Variable, 'name' | 'shape'>[] {
  const shapes = new Map<string, number[]>();
  for (const [key, { shape }] of parts.flatMap(({ tensors }) => Object.entries(tensors))) {
    const slash = key.indexOf('/');
    if (slash >= 0) shapes.set(key.slice(slash + 1), shape);
  }
  return Array.from(shapes, ([name, shape]) => ({ name, shape }));
}
