import { trainingModel } from './training-model.ts';

/**
 * Runs a synchronous function during which the training model, if any, computes no metrics. The loss closure of
 * `fit` also computes the metrics, keeps their tensors, and appends them to the batch's results: at each
 * evaluation, where once is right.
 */
export function withMutedMetrics<R>(f: () => R): R {
  const model = trainingModel();
  if (model === undefined) return f();
  const { metricsTensors } = model;
  model.metricsTensors = [];
  try {
    return f();
  } finally {
    model.metricsTensors = metricsTensors;
  }
}
