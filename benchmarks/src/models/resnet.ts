import * as tf from '@tensorflow/tfjs-layers';
import { batchNormalization } from './batch-normalization.ts';
import { add, apply, convolutions } from './layers.ts';
import type { ModelInput } from './model.ts';

/** Filters of the three stages. */
const WIDTHS = [16, 32, 64];

/**
 * The residual network for small images (He et al., CVPR 2016, section 4.2): a stem of 16 filters, stages of basic blocks
 * of two 3 × 3 convolutions with 16, 32 and 64 filters, global average pooling, one dense layer. Each convolution is
 * followed by batch normalisation and has no bias. A stage but the first begins with stride 2; its first shortcut takes
 * every second pixel and adds channels of zeros (option A), so that no shortcut has parameters.
 *
 * Parameters, for c channels, k classes and n₁, n₂, n₃ blocks, batch normalisation's four a filter included:
 * 9·16c + 64 + Σ over blocks (9·W_in·W + 9·W² + 8W) + 65k; weighted layers: 2(n₁ + n₂ + n₃) + 2.
 */
export function resnet(blocks: readonly number[], { shape, classes, seed }: ModelInput): tf.LayersModel {
  const { convolution, dense } = convolutions(seed);
  const normalised = (x: tf.SymbolicTensor, filters: number, strides: number): tf.SymbolicTensor =>
    apply(batchNormalization(), apply(convolution({ filters, strides }), x));
  const relu = (x: tf.SymbolicTensor): tf.SymbolicTensor => apply(tf.layers.reLU(), x);

  const image = tf.input({ shape: [...shape] });
  let x = relu(normalised(image, WIDTHS[0]!, 1));
  for (const [stage, filters] of WIDTHS.entries()) {
    for (let block = 0; block < blocks[stage]!; block++) {
      const strides = stage > 0 && block === 0 ? 2 : 1;
      const residual = normalised(relu(normalised(x, filters, strides)), filters, 1);
      x = relu(add(residual, strides === 1 ? x : shortcut(x)));
    }
  }
  const logits = apply(dense(classes), apply(tf.layers.globalAveragePooling2d({}), x));
  return tf.model({ inputs: image, outputs: logits });
}

/** Every second pixel, and as many channels of zeros behind as there are. */
function shortcut(x: tf.SymbolicTensor): tf.SymbolicTensor {
  const pixels = apply(tf.layers.maxPooling2d({ poolSize: 1, strides: 2, padding: 'same' }), x);
  // To pad the last axis: in the order "channels first" it is that of the columns.
  const padding: [[number, number], [number, number]] = [
    [0, 0],
    [0, x.shape.at(-1)!],
  ];
  return apply(tf.layers.zeroPadding2d({ dataFormat: 'channelsFirst', padding }), pixels);
}
