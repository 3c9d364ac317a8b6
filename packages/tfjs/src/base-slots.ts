import type * as tf from '@tensorflow/tfjs-core';
import type { Part } from './saved-state.ts';

/** Where an optimizer of `tf.train` keeps what it accumulates: its private fields, by name. */
interface Layout {
  /** Lists with one entry a variable, in the order of the gradients. */
  readonly lists: readonly string[];
  /** Variables of one number. */
  readonly scalars: readonly string[];
}

/** An entry of such a list. */
interface Slot {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

const layouts: Readonly<Record<string, Layout>> = {
  SGD: { lists: [], scalars: [] },
  Momentum: { lists: ['accumulations'], scalars: [] },
  Adagrad: { lists: ['accumulatedGrads'], scalars: [] },
  Adadelta: { lists: ['accumulatedGrads', 'accumulatedUpdates'], scalars: [] },
  RMSProp: { lists: ['accumulatedMeanSquares', 'accumulatedMoments', 'accumulatedMeanGrads'], scalars: [] },
  Adam: { lists: ['accumulatedFirstMoment', 'accumulatedSecondMoment'], scalars: ['accBeta1', 'accBeta2'] },
  Adamax: { lists: ['accumulatedFirstMoment', 'accumulatedWeightedInfNorm'], scalars: ['iteration', 'accBeta1'] },
};

/**
 * What an optimizer of `tf.train` has accumulated, as it is. Its own `getWeights` and `setWeights` do not serve:
 * Adam's powers of β come back rounded otherwise than training rounds them, and Adamax has neither.
 */
export class BaseSlots {
  readonly #fields: Record<string, Slot[] | tf.Variable>;
  readonly #layout: Layout;

  private constructor(base: tf.Optimizer, layout: Layout) {
    this.#fields = base as unknown as Record<string, Slot[] | tf.Variable>;
    this.#layout = layout;
  }

  /** Those of this optimizer; undefined for a class that is not of `tf.train`. */
  static of(base: tf.Optimizer): BaseSlots | undefined {
    const name = base.getClassName();
    const layout = Object.hasOwn(layouts, name) ? layouts[name] : undefined;
    return layout && new BaseSlots(base, layout);
  }

  /**
   * The accumulators, which stay the optimizer's.
   *
   * @param order the names of the variables in the order of the gradients
   * @returns by field, and the variable's name
   */
  read(order: readonly string[]): Record<string, tf.Tensor> {
    const { lists, scalars } = this.#layout;
    const inLists = lists.flatMap((field) =>
      this.#list(field).map(({ variable }, i) => [`${field}/${order[i]}`, variable] as const),
    );
    const single = scalars.map((field) => [field, this.#fields[field] as tf.Variable] as const);
    return Object.fromEntries<tf.Tensor>([...inLists, ...single]);
  }

  /** Takes copies of what {@link BaseSlots.read} returned; what was accumulated before is freed. */
  write(order: readonly string[], accumulated: Readonly<Record<string, tf.Tensor>>): void {
    for (const field of this.#layout.lists) {
      for (const { variable } of this.#list(field)) variable.dispose();
      const list: Slot[] = [];
      for (const [i, name] of order.entries()) {
        const key = `${field}/${name}`;
        const tensor = Object.hasOwn(accumulated, key) ? accumulated[key] : undefined;
        // A gap is filled by the optimizer itself, as at its first step.
        if (tensor !== undefined) list[i] = { originalName: key, variable: tensor.variable(false) };
      }
      this.#fields[field] = list;
    }
    for (const field of this.#layout.scalars) (this.#fields[field] as tf.Variable).assign(accumulated[field]!);
  }

  #list(field: string): Slot[] {
    return this.#fields[field] as Slot[];
  }
}

/** The part of the state that is a base optimizer's: what it has accumulated, its count and its learning rate. */
export async function basePart(base: tf.Optimizer, order: readonly string[]): Promise<Part> {
  const { learningRate } = base as unknown as { readonly learningRate?: number };
  const state = {
    className: base.getClassName(),
    iterations: base.iterations,
    order,
    ...(learningRate === undefined ? {} : { learningRate }),
  };
  const slots = BaseSlots.of(base);
  if (slots !== undefined) return { state, tensors: slots.read(order) };
  const weights = await base.getWeights();
  return {
    state: { ...state, weights: weights.map(({ name }) => name) },
    tensors: Object.fromEntries(weights.map(({ tensor }, i) => [`weight.${i}`, tensor])),
  };
}

/** Has a base optimizer go on from its part, but for the learning rate. */
export async function takeBasePart(base: tf.Optimizer, { state, tensors }: Part): Promise<void> {
  const slots = BaseSlots.of(base);
  if (slots !== undefined) slots.write(state.order ?? [], tensors);
  else {
    const names = state.weights ?? [];
    await base.setWeights(names.map((name, i) => ({ name, tensor: tensors[`weight.${i}`]! })));
  }
  Object.assign(base, { iterations_: state.iterations });
}
