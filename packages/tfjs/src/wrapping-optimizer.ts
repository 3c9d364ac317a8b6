import * as tf from '@tensorflow/tfjs-core';
import { basePart, takeBasePart } from './base-slots.ts';
import { checkGradients } from './check-gradients.ts';
import type { Part } from './saved-state.ts';
import { SavingOptimizer } from './saving-optimizer.ts';

/** Gradients as `applyGradients` takes them. */
export type Gradients = Parameters<tf.Optimizer['applyGradients']>[0];

/** Every `tf.train` optimizer has a learning rate; only some have a method to set it. */
interface LearningRateHolder {
  learningRate?: number;
  setLearningRate?(learningRate: number): void;
}

/** A loss and its gradients, as `computeGradients` returns them. */
export interface LossAndGradients {
  /** The loss, a scalar. */
  value: tf.Scalar;
  /** The gradients by the variables' names; none for a variable on which the loss does not depend. */
  grads: tf.NamedTensorMap;
}

/** A gradient for each variable, in one order that never changes; null for one that takes no part. */
export interface OrderedGradient {
  /** The variable's. */
  readonly name: string;
  /** The gradient. */
  readonly tensor: tf.Tensor | null;
}

/** A `tf.Optimizer` around another: it has the other's learning rate, and wrappers nest. */
export abstract class WrappingOptimizer extends SavingOptimizer {
  /** The wrapped optimizer. */
  readonly base: tf.Optimizer;
  #order = new Set<string>();
  readonly #slots = new Set<string>();

  /** @param owner who wraps, for the error's sentence @param base what is wrapped */
  constructor(owner: string, base: tf.Optimizer) {
    super(owner);
    // TensorFlow.js itself takes for an optimizer whatever has the three methods.
    if (typeof base !== 'object' || base === null || !(base instanceof tf.Optimizer)) {
      throw new TypeError(`${owner}: base is ${String(base)}; give an optimizer, such as tf.train.momentum(0.1, 0.9).`);
    }
    this.base = base;
  }

  /** The base's learning rate; setting it sets the base's, for every `tf.train` optimizer. */
  get learningRate(): number {
    return (this.base as unknown as LearningRateHolder).learningRate ?? 0;
  }

  /** Sets the base's. */
  set learningRate(value: number) {
    const holder = this.base as unknown as LearningRateHolder;
    if (typeof holder.setLearningRate === 'function') holder.setLearningRate(value);
    else holder.learningRate = value;
  }

  /** Sets the base's learning rate. */
  setLearningRate(learningRate: number): void {
    this.learningRate = learningRate;
  }

  /** Frees the base's variables. */
  override dispose(): void {
    super.dispose();
    this.base.dispose();
  }

  /** Gradients computed in all by a sharpness-aware optimizer further in; undefined where there is none. */
  get gradientEvaluations(): number | undefined {
    return this.#wrapped?.gradientEvaluations;
  }

  // Not `instanceof`: TensorFlow.js makes every optimizer an instance of every subclass of tf.Optimizer.
  get #wrapped(): WrappingOptimizer | undefined {
    return #slots in this.base ? this.base : undefined;
  }

  /** Whether a variable belongs to an optimizer's state: no loss closure changes it. */
  protected isSlot(name: string): boolean {
    return this.#slots.has(name) || (this.#wrapped?.isSlot(name) ?? false);
  }

  /**
   * Brings gradients into one fixed order, with null for variables that were there before and are not now:
   * `tf.train` optimizers find a variable's accumulators by its position.
   */
  protected ordered(gradients: Gradients): OrderedGradient[] {
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    const { registeredVariables } = tf.engine();
    this.settle(() => list.flatMap(({ name }) => registeredVariables[name] ?? []));
    const byName = new Map(list.map(({ name, tensor }) => [name, tensor ?? null]));
    checkGradients(Array.from(byName, ([name, tensor]) => ({ name, tensor })));
    for (const name of byName.keys()) this.#order.add(name);
    return Array.from(this.#order, (name) => ({ name, tensor: byName.get(name) ?? null }));
  }

  /** Has the base apply gradients. */
  protected applyToBase(gradients: readonly OrderedGradient[]): void {
    const end = this.#watchSlots();
    this.base.applyGradients(gradients as Gradients);
    end();
  }

  /** This optimizer's part of its state; the tensors stay its own. */
  protected part(): Part {
    return {
      state: { className: this.getClassName(), iterations: this.iterations, order: [...this.#order] },
      tensors: {},
    };
  }

  /** Refuses a part that {@link WrappingOptimizer.takePart} could not take. */
  protected checkPart({ state }: Part): void {
    this.#checkClass(this, state.className);
  }

  /** Goes on from this optimizer's part; the tensors stay the caller's. */
  protected takePart({ state }: Part): void {
    this.iterations_ = state.iterations;
    this.#order = new Set(state.order);
  }

  protected override rename(names: ReadonlyMap<string, string>): void {
    this.#order = new Set(Array.from(this.#order, (name) => names.get(name) ?? name));
    this.#wrapped?.rename(names);
  }

  protected override async parts(): Promise<Part[]> {
    const within = await (this.#wrapped?.parts() ?? basePart(this.base, [...this.#order]));
    return [this.part()].concat(within);
  }

  protected override checkParts([own, ...within]: readonly Part[]): void {
    if (own === undefined || within[0] === undefined) {
      throw new RangeError(`${this.owner}: the state lacks a part; restore an earlier one, this is not whole.`);
    }
    this.checkPart(own);
    if (this.#wrapped === undefined) this.#checkClass(this.base, within[0].state.className);
    else this.#wrapped.checkParts(within);
  }

  protected override async takeParts([own, ...within]: readonly Part[]): Promise<void> {
    if (this.#wrapped === undefined) await this.#takeBase(within[0]!);
    else await this.#wrapped.takeParts(within);
    this.takePart(own!);
  }

  #checkClass(optimizer: tf.Optimizer, found: string): void {
    if (found === optimizer.getClassName()) return;
    throw new RangeError(
      `${this.owner}: the state has a part of ${found} where ${optimizer.getClassName()} is; restore it into an optimizer like the one it was taken from.`,
    );
  }

  async #takeBase(part: Part): Promise<void> {
    const end = this.#watchSlots();
    await takeBasePart(this.base, part);
    end();
    if (part.state.learningRate !== undefined) this.learningRate = part.state.learningRate;
  }

  // Notes the variables that the base makes for itself until the function returned is called.
  #watchSlots(): () => void {
    const known = new Set(Object.keys(tf.engine().registeredVariables));
    return () => {
      for (const name of Object.keys(tf.engine().registeredVariables)) if (!known.has(name)) this.#slots.add(name);
    };
  }
}
