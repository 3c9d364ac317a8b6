// Two dense layers on the WebAssembly backend.
import { openEngine } from '@flatmin/engines';
import { serve } from '@flatmin/parallel/worker';
import { replica } from '@flatmin/tfjs';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

serve(async () => {
  setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  await openEngine('wasm');
  const dense = (units, options) =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotUniform({ seed: units }), ...options });
  const model = tf.sequential({
    layers: [dense(8, { inputShape: [16], activation: 'tanh', name: 'hidden' }), dense(2, { name: 'logits' })],
  });
  return replica({
    batch: ({ xs, labels, hang }) => {
      if (hang) for (;;);
      return {
        xs: tf.tensor2d(xs, [labels.length, 16]),
        ys: tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), 2), 'float32'),
      };
    },
    losses: ({ xs, ys }) =>
      tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }), undefined, undefined, tf.Reduction.NONE),
  });
});
