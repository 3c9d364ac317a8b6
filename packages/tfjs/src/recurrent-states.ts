import * as tf from '@tensorflow/tfjs-core';

/** The parts of a stateful recurrent layer of tfjs-layers that matter here, all public. */
interface Recurrent {
  readonly stateful: boolean;
  states: tf.Tensor[];
}

/** Where a layer may have others within it: a model, a wrapper, a bidirectional layer. */
interface Nest {
  readonly layers?: unknown;
  readonly layer?: unknown;
  readonly forwardLayer?: unknown;
  readonly backwardLayer?: unknown;
}

/**
 * The states of the stateful recurrent layers of a model, as they were at one moment. They are tensors and no
 * variables: a training pass gives the layer new ones and leaves the old ones alive.
 */
export class RecurrentStates {
  readonly #saved: ReadonlyMap<Recurrent, readonly tf.Tensor[]>;

  constructor(model: object | undefined) {
    const layers = [...withThoseWithin(model)].filter(isRecurrent);
    this.#saved = new Map(layers.map((layer) => [layer, [...layer.states]]));
  }

  /** Runs a function in which the layers start from these states; afterwards they have those of now. */
  during<R>(f: () => R): R {
    const now = Array.from(this.#saved.keys(), (layer) => [layer, layer.states] as const);
    for (const [layer, states] of this.#saved) layer.states = [...states];
    try {
      return f();
    } finally {
      this.restore();
      for (const [layer, states] of now) layer.states = states;
    }
  }

  /** Puts the states back, and frees those that the layers have instead. */
  restore(): void {
    for (const [layer, states] of this.#saved) {
      tf.dispose(layer.states.filter((state) => !states.includes(state)));
      layer.states = [...states];
    }
  }
}

function withThoseWithin(layer: unknown, found: Set<object> = new Set()): Set<object> {
  if (typeof layer !== 'object' || layer === null || found.has(layer)) return found;
  found.add(layer);
  const { layers, layer: wrapped, forwardLayer, backwardLayer } = layer as Nest;
  for (const inner of [layers, wrapped, forwardLayer, backwardLayer].flat()) withThoseWithin(inner, found);
  return found;
}

// A layer that was not called yet has null for states.
function isRecurrent(layer: object): layer is Recurrent {
  const { stateful, states } = layer as Partial<Recurrent>;
  return stateful === true && Array.isArray(states) && states.every((state) => state instanceof tf.Tensor);
}
