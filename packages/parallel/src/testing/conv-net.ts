import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { uniforms } from '@flatmin/tree';
import { registerTrainingKernels } from '@flatmin/wasm-training';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';

/** What network to build, and where. */
export interface NetOptions {
  readonly backend: 'cpu' | 'wasm';
  readonly batchNorm?: boolean;
  readonly dropout?: boolean;
}

/** Images of 6 × 6 and their classes, of 3. */
export type ImagePart = { readonly xs: Float32Array; readonly labels: Int32Array };

/** A convolution, pooling, and a dense layer to three logits. */
export function buildNet({ backend, batchNorm = false, dropout = false }: NetOptions): LayersModel {
  if (backend === 'wasm') registerTrainingKernels();
  const kernelInitializer = initializers.heNormal({ seed: 3 });
  return sequential({
    layers: [
      layers.conv2d({
        inputShape: [6, 6, 1],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer,
        name: 'conv',
      }),
      ...(batchNorm ? [layers.batchNormalization({ name: 'norm', momentum: 0.8 })] : []),
      layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
      ...(dropout ? [layers.dropout({ rate: 0.5, name: 'drop' })] : []),
      layers.flatten({ name: 'flat' }),
      layers.dense({ units: 3, kernelInitializer, name: 'dense' }),
    ],
  });
}

/** What a part is as tensors. */
export const tensorsOf = ({ xs, labels }: ImagePart): { xs: tf.Tensor; ys: tf.Tensor } => ({
  xs: tf.tensor4d(xs, [labels.length, 6, 6, 1]),
  ys: tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), 3), 'float32'),
});

/** The loss of each sample. */
export const lossesOf =
  (net: LayersModel) =>
  ({ xs, ys }: { xs: tf.Tensor; ys: tf.Tensor }): tf.Tensor =>
    tf.losses.softmaxCrossEntropy(
      ys,
      net.apply(xs, { training: true }) as tf.Tensor,
      undefined,
      undefined,
      tf.Reduction.NONE,
    );

/** A batch that is the same each time. */
export function images(count: number, seed: number): ImagePart {
  const noise = uniforms(seed);
  return {
    xs: Float32Array.from({ length: count * 36 }, noise),
    labels: Int32Array.from({ length: count }, () => Math.floor(3 * noise())),
  };
}
