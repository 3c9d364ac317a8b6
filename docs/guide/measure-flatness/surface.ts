import {
  filterNormalisedDirection,
  type HostAccess,
  type Landscape,
  measure,
  type Surface2d,
  surface2d,
} from '@flatmin/landscape';
import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './landscape.ts';

/** The loss on a plane of two random directions, which can be compared between networks. */
export function surface(landscape: Landscape<tf.Tensor, Weights>, points: number): Surface2d {
  const host: HostAccess<tf.Tensor> = {
    values: (tensor) => tensor.dataSync(),
    shape: (tensor) => tensor.shape,
    leaf: (values, shape) => tf.tensor(Float32Array.from(values), [...shape]),
  };
  const directions: Weights[] = [];
  try {
    for (const seed of [1, 2]) directions.push(filterNormalisedDirection(landscape.weights, host, { seed }));
    const [one, another] = directions as [Weights, Weights];
    return measure(surface2d({ directions: [one, another], range: [-1, 1], points }), landscape);
  } finally {
    tf.dispose(directions);
  }
}
