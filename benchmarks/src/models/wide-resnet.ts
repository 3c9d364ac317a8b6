import * as tf from '@tensorflow/tfjs-layers';
import { batchNormalization } from './batch-normalization.ts';
import { add, apply, convolutions } from './layers.ts';
import type { ModelInput } from './model.ts';

/**
 * The wide residual network (Zagoruyko and Komodakis, BMVC 2016): WRN-d-k has three stages of (d − 4)/6 blocks of two 3 × 3
 * convolutions with 16k, 32k and 64k filters. Batch normalisation and ReLU stand before each convolution; where the width
 * changes the shortcut is a 1 × 1 convolution of what they give. No dropout, no bias but in the dense layer.
 *
 * Parameters, for c channels and K classes, batch normalisation's four a filter included:
 * 144c + Σ over blocks (9·W_in·W + 9·W² + 4·W_in + 4W, and W_in·W where W_in ≠ W) + 256k + (64k + 1)K.
 */
export function wideResnet(
  { depth, width }: { readonly depth: number; readonly width: number },
  { shape, classes, seed }: ModelInput,
): tf.LayersModel {
  const { convolution, dense } = convolutions(seed);
  const activated = (x: tf.SymbolicTensor): tf.SymbolicTensor =>
    apply(tf.layers.reLU(), apply(batchNormalization(), x));

  const image = tf.input({ shape: [...shape] });
  let x = apply(convolution({ filters: 16 }), image);
  for (const [stage, base] of [16, 32, 64].entries()) {
    const filters = base * width;
    for (let block = 0; block < (depth - 4) / 6; block++) {
      const strides = stage > 0 && block === 0 ? 2 : 1;
      const before = activated(x);
      const inner = activated(apply(convolution({ filters, strides }), before));
      const residual = apply(convolution({ filters }), inner);
      const same = x.shape.at(-1) === filters;
      const shortcut = same ? x : apply(convolution({ filters, strides, kernelSize: 1 }), before);
      x = add(residual, shortcut);
    }
  }
  const logits = apply(dense(classes), apply(tf.layers.globalAveragePooling2d({}), activated(x)));
  return tf.model({ inputs: image, outputs: logits });
}
