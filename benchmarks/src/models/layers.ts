import * as tf from '@tensorflow/tfjs-layers';
import { layerSeeds } from './layer-seeds.ts';

/** Of a convolution. */
export interface ConvolutionOptions {
  readonly filters: number;
  /** Default 1. */
  readonly strides?: number;
  /** Default 3. */
  readonly kernelSize?: number;
}

/** Layers whose weights are drawn from one seed as He et al. (2015) say. */
export interface SeededLayers {
  /** Padded to keep the size, without a bias: batch normalisation follows or has gone before. */
  convolution(options: ConvolutionOptions): tf.layers.Layer;
  dense(units: number): tf.layers.Layer;
}

/** The layers of a residual network, each drawn anew, in the order in which they are made. */
export function convolutions(seed: number): SeededLayers {
  const seeds = layerSeeds(seed);
  const kernelInitializer = () => tf.initializers.heNormal({ seed: seeds() });
  return {
    convolution: ({ filters, strides = 1, kernelSize = 3 }) =>
      tf.layers.conv2d({
        filters,
        strides,
        kernelSize,
        padding: 'same',
        useBias: false,
        kernelInitializer: kernelInitializer(),
      }),
    dense: (units) => tf.layers.dense({ units, kernelInitializer: kernelInitializer() }),
  };
}

/** A layer's output for one input that is not yet known. */
export function apply(layer: tf.layers.Layer, x: tf.SymbolicTensor): tf.SymbolicTensor {
  return layer.apply(x) as tf.SymbolicTensor;
}

/** The sum of two. */
export function add(one: tf.SymbolicTensor, other: tf.SymbolicTensor): tf.SymbolicTensor {
  return tf.layers.add().apply([one, other]) as tf.SymbolicTensor;
}
