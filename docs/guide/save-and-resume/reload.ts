import { sam } from '@flatmin/sam';
import { sharpnessAware, useVariants } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';

/** Trains a while and saves the model, its optimizer included. */
export async function trainAndSave(
  model: LayersModel,
  xs: tf.Tensor,
  ys: tf.Tensor,
  place: tf.io.IOHandler | string,
): Promise<void> {
  model.compile({
    optimizer: sharpnessAware(tf.train.adam(0.01), sam({ rho: 0.05 })),
    loss: 'categoricalCrossentropy',
  });
  await model.fit(xs, ys, { epochs: 3, shuffle: false });
  await model.save(place, { includeOptimizer: true }); // such as 'indexeddb://my-model'
}

/** Loads the model, compiled, and trains on. */
export async function loadAndTrain(
  xs: tf.Tensor,
  ys: tf.Tensor,
  place: tf.io.IOHandler | string,
): Promise<LayersModel> {
  useVariants(sam); // the variants that saved models may have
  const model = await loadLayersModel(place);
  await model.fit(xs, ys, { epochs: 3, shuffle: false });
  return model;
}
