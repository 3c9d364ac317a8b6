// The errors of convolutions by 3×3 and of their gradients against float64, by the number of channels: the root of the mean
// squared error over the root of the mean square, in units of float32's rounding, 2^-24; stock or composed, and ours.
// Run by `npm run bench:errors -w @flatmin/wasm-training`.
import { registerTrainingKernels, unregisterTrainingKernels } from '@flatmin/wasm-training';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';

const [batch, size] = [4, 14];
await tf.setBackend('wasm');

/** y, dw and dx in float64, straight from the definition. */
function exact(channels, x, w, dy) {
  const [y, dw, dx] = [dy, w, x].map(({ length }) => new Float64Array(length));
  for (let pixel = 0; pixel < batch * size * size; pixel++) {
    const [p, q] = [Math.floor(pixel / size) % size, pixel % size];
    for (let tap = 0; tap < 9; tap++) {
      const [i, j] = [Math.floor(tap / 3) - 1, (tap % 3) - 1];
      if (p + i < 0 || p + i >= size || q + j < 0 || q + j >= size) continue;
      for (let c = 0; c < channels; c++) {
        const from = (pixel + i * size + j) * channels + c;
        for (let o = 0; o < channels; o++) {
          const [to, weight] = [pixel * channels + o, (tap * channels + c) * channels + o];
          y[to] += x[from] * w[weight];
          dw[weight] += x[from] * dy[to];
          dx[from] += dy[to] * w[weight];
        }
      }
    }
  }
  return [y, dw, dx];
}

const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
const errorOf = (got, wanted) => (norm(wanted.map((value, k) => value - got[k])) / norm(wanted)) * 2 ** 24;

for (const channels of [4, 8, 16, 32, 64]) {
  const x = tf.randomNormal([batch, size, size, channels], 0, 1, 'float32', 1);
  const w = tf.randomNormal([3, 3, channels, channels], 0, 1, 'float32', 2);
  const dy = tf.randomNormal([batch, size, size, channels], 0, 1, 'float32', 3);
  const wanted = exact(channels, ...[x, w, dy].map((tensor) => tensor.dataSync()));
  const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 };
  const run = (kernel, inputs, shapes) =>
    tf
      .engine()
      .runKernel(kernel, inputs, { ...attrs, ...shapes })
      .dataSync();
  const errors = (options) => {
    registerTrainingKernels(options);
    const got = [
      run('Conv2D', { x, filter: w }, {}),
      run('Conv2DBackpropFilter', { x, dy }, { filterShape: w.shape }),
      run('Conv2DBackpropInput', { dy, filter: w }, { inputShape: x.shape }),
    ];
    unregisterTrainingKernels();
    return got.map((values, k) => errorOf(values, wanted[k]).toFixed(2).padStart(6));
  };
  const [composed, ours] = [errors({ simd: false }), errors({})];
  const columns = ['forward', 'by filter', 'by input'].map((what, k) => `${what} ${composed[k]} → ${ours[k]}`);
  console.log(`${String(channels).padStart(3)} channels   ${columns.join('   ')}`);
}
