import { serialization } from '@tensorflow/tfjs-core';

/** The parts of a tfjs-layers model that matter here: `metricsTensors` is public, `makeTrainFunction` protected. */
interface TrainedModel {
  metricsTensors: unknown[];
  makeTrainFunction(): (data: unknown) => unknown;
}

const watched = new WeakSet<object>();
let training: TrainedModel | undefined;

/**
 * Makes it known which layers model is training. The loss closure that `fit` hands to an optimizer also
 * computes the metrics, keeps their tensors, and appends them to the batch's results: at each evaluation, where
 * once is right. Only the model can mute them, and tfjs-layers never tells an optimizer its model; so its
 * class, found in the serialization registry, is made to say when it trains.
 */
export function watchLayersModels(): void {
  const entry: unknown = serialization.SerializationMap.getMap().classNameMap['Model'];
  const model = Array.isArray(entry) ? (entry[0] as { readonly prototype?: TrainedModel }) : undefined;
  const prototype = model?.prototype;
  if (typeof prototype?.makeTrainFunction !== 'function' || watched.has(prototype)) return;
  watched.add(prototype);
  const makeTrainFunction = prototype.makeTrainFunction;
  prototype.makeTrainFunction = function (this: TrainedModel) {
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

/** Runs a synchronous function during which the training model, if any, computes no metrics. */
export function withMutedMetrics<R>(f: () => R): R {
  const model = training;
  if (model === undefined) return f();
  const { metricsTensors } = model;
  model.metricsTensors = [];
  try {
    return f();
  } finally {
    model.metricsTensors = metricsTensors;
  }
}
