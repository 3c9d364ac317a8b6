import { serialization } from '@tensorflow/tfjs-core';

/** The parts of a tfjs-layers model that matter here: public ones, and `makeTrainFunction`, which is protected. */
export interface TrainingModel {
  metricsTensors: unknown[];
  readonly layers: readonly object[];
  makeTrainFunction(): (data: unknown) => unknown;
}

const watched = new WeakSet<object>();
let training: TrainingModel | undefined;

/** The layers model that is making a training step just now, if one is. */
export const trainingModel = (): TrainingModel | undefined => training;

/**
 * Makes it known which layers model is training: its loss closure does more than compute a loss, and tfjs-layers
 * never tells an optimizer its model. The model's class, found in the serialization registry, is made to say
 * when it trains.
 */
export function watchLayersModels(): void {
  const prototype = modelPrototype();
  if (prototype === undefined || watched.has(prototype)) return;
  watched.add(prototype);
  const makeTrainFunction = prototype.makeTrainFunction;
  prototype.makeTrainFunction = function (this: TrainingModel) {
    const train = makeTrainFunction.call(this);
    return (data) => {
      const outer = training;
      training = this;
      try {
        return train(data);
      } finally {
        training = outer;
      }
    };
  };
}

// A subclass without a name of its own takes that of its parent when it is registered: the parent is meant.
function modelPrototype(): TrainingModel | undefined {
  const entry: unknown = serialization.SerializationMap.getMap().classNameMap['Model'];
  let found: TrainingModel | undefined;
  let prototype: unknown = Array.isArray(entry) ? (entry[0] as { readonly prototype?: unknown }).prototype : undefined;
  while (isModel(prototype)) {
    found = prototype;
    prototype = Object.getPrototypeOf(prototype);
  }
  return found;
}

const isModel = (prototype: unknown): prototype is TrainingModel =>
  typeof (prototype as Partial<TrainingModel> | null | undefined)?.makeTrainFunction === 'function';
